package com.voidproof.app.device

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.os.Looper
import com.voidproof.app.device.broadcast.BroadcastScanner
import com.voidproof.app.device.broadcast.LONGEST
import com.voidproof.app.device.broadcast.VENDORS
import com.voidproof.app.device.broadcast.scannedText
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What vendors' services tell, and what any other app may tell in their place. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class BroadcastScannerTest {
    private val app = RuntimeEnvironment.getApplication()
    private val front = Front().also(app::registerActivityLifecycleCallbacks)
    private val screen = Robolectric.buildActivity(Activity::class.java).setup()
    private val heard = ArrayList<Scan.Code>()
    private val reading: Job = CoroutineScope(Dispatchers.Unconfined).launch { BroadcastScanner(app, front).scan { heard += it as Scan.Code } }

    @After
    fun end() = reading.cancel()

    private fun send(intent: Intent) {
        app.sendBroadcast(intent)
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun texts() = heard.map { scan -> scan.code.reveal { String(it) } }

    private fun listening() = shadowOf(app).registeredReceivers.any { it.intentFilter.hasAction(VENDORS[0].action) }

    @Test
    fun `every vendor is heard, and nobody held the code to this device`() {
        VENDORS.forEachIndexed { i, vendor -> send(Intent(vendor.action).putExtra(vendor.extra, "13456789012345678$i\r\n")) }
        assertEquals(VENDORS.indices.map { "13456789012345678$it" }, texts())
        assertTrue(heard.none { it.held })
    }

    @Test
    fun `what is no scanned text gives nothing`() {
        val action = VENDORS[0].action
        val extra = VENDORS[0].extra
        send(Intent(action))
        send(Intent(action).putExtra(extra, ""))
        send(Intent(action).putExtra(extra, byteArrayOf(1, 2)))
        send(Intent(action).putExtra(extra, 134567890123456789L))
        send(Intent(action).putExtra(extra, Bundle()))
        send(Intent(action).putExtra(extra, "1345\u00006789"))
        send(Intent(action).putExtra(extra, "7".repeat(LONGEST + 1)))
        send(Intent(action).putExtra("other", "134567890123456789"))
        send(Intent("com.example.SCAN").putExtra(extra, "134567890123456789"))
        assertEquals(emptyList<String>(), texts())
    }

    @Test
    fun `nobody listens while another app is in front, or once nobody waits`() {
        assertTrue(listening())
        screen.pause()
        assertFalse(listening())
        send(Intent(VENDORS[0].action).putExtra(VENDORS[0].extra, "134567890123456789"))
        screen.resume()
        assertTrue(listening())
        reading.cancel()
        assertFalse(listening())
        assertEquals(emptyList<String>(), texts())
    }

    @Test
    fun `a line end is no part of a text`() {
        assertEquals("12", scannedText("12\t\r\n")?.toString())
        assertNull(scannedText("\r\n"))
    }
}
