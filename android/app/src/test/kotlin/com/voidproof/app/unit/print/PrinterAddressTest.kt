package com.voidproof.app.unit.print

import com.voidproof.app.device.PrinterAddress
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** Slips stay in the shop. */
class PrinterAddressTest {
    @Test
    fun `addresses of private networks, with and without a port`() {
        assertEquals(PrinterAddress("192.168.1.50", 9_100), PrinterAddress.of(" 192.168.1.50 "))
        assertEquals(PrinterAddress("10.0.0.7", 1), PrinterAddress.of("10.0.0.7:1"))
        listOf("172.16.0.1:65535", "172.31.255.255", "169.254.3.4:515").forEach { assertEquals(it, PrinterAddress.of(it).toString()) }
        assertEquals("192.168.1.5", PrinterAddress.of("192.168.001.005:9100").toString())
    }

    @Test
    fun `all else is refused`() {
        val wrong = listOf(
            "", "printer", "192.168.1", "192.168.1.1.1", "192.168.1.256", "192.168.1.1:0", "192.168.1.1:65536", "192.168.1.1:99999",
            "8.8.8.8", "172.15.0.1", "172.32.0.1", "127.0.0.1", "192.169.1.1", "169.253.1.1", "0.0.0.0", "fe80::1", "10.0.0.1/24", "10.0.0.1:",
        )
        wrong.forEach { assertNull(it, PrinterAddress.of(it)) }
    }
}
