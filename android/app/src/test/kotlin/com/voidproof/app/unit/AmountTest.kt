package com.voidproof.app.unit

import com.voidproof.app.text.Money
import com.voidproof.app.text.TypedAmount
import org.junit.Assert.assertEquals
import org.junit.Test

class AmountTest {
    private fun typed(keys: String) = TypedAmount.of(keys)

    @Test
    fun `minor units read as people write them`() {
        assertEquals("0.00", Money.digits(0))
        assertEquals("0.05", Money.digits(5))
        assertEquals("128.00", Money.digits(12_800))
        assertEquals("1,234,567.89", Money.digits(123_456_789))
        assertEquals("-0.05", Money.digits(-5))
        assertEquals("¥9,999,999.99", Money.yuan(999_999_999))
    }

    @Test
    fun `keys make an amount`() {
        assertEquals(12_800, typed("128").minor)
        assertEquals(12_850, typed("128.5").minor)
        assertEquals(5, typed(".05").minor)
        assertEquals(0, typed("").minor)
        assertEquals("1,280.5", typed("1280.5").shown)
    }

    @Test
    fun `a key that cannot be part of an amount is not taken`() {
        assertEquals("1.23", typed("1.234").text)
        assertEquals("1.23", typed("1.2.3").text)
        assertEquals("5", typed("05").text)
        assertEquals("1234567", typed("12345678").text)
        assertEquals("0.", typed(".").text)
        assertEquals("12", typed("1x2").text)
    }

    @Test
    fun `erasing ends at nothing`() {
        assertEquals("", typed("1").erase().erase().text)
    }
}
