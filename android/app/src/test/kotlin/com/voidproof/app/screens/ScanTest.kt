package com.voidproof.app.screens

import android.os.Looper
import android.view.InputDevice
import android.view.KeyEvent
import com.voidproof.app.Counter
import com.voidproof.app.FakeCamera
import com.voidproof.app.FakeScanner
import com.voidproof.app.R
import com.voidproof.app.TestApp
import com.voidproof.app.device.CameraState
import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.Light
import com.voidproof.app.device.Scan
import com.voidproof.app.device.wedge.Burst
import com.voidproof.app.device.wedge.WedgeScanner
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.time.Duration

/** Codes by the camera, by a scanner that types, and by other apps, on the screens. */
@RunWith(RobolectricTestRunner::class)
class ScanTest {
    private val app = RuntimeEnvironment.getApplication() as TestApp
    private val camera = FakeCamera(Scan.Sight(CameraState.SEES, Light.OFF))
    private val scanner = FakeScanner(camera)
    private val wedge = WedgeScanner()
    private val counter: Counter by lazy { Counter() }

    @After
    fun end() = counter.close()

    private fun toCode() {
        app.hardware.scanner = scanner
        pay()
    }

    private fun toWedge() {
        app.hardware.scanner = FakeScanner(camera, wedge)
        app.hardware.keys = wedge
        pay()
    }

    private fun pay() {
        counter.digits("36.50")
        counter.tap(R.id.charge)
        counter.tap(R.id.way_code)
        app.fake.commands.clear()
    }

    private fun see(code: String, held: Boolean = true) {
        scanner.see(code, held)
        counter.idle()
    }

    private fun key(code: Int, device: Int = KEYBOARD) {
        val now = android.os.SystemClock.uptimeMillis()
        for (action in intArrayOf(KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP)) {
            val event = KeyEvent(now, now, action, code, 0, 0, device, 0, 0, InputDevice.SOURCE_KEYBOARD)
            counter.activity.dispatchKeyEvent(event)
        }
        counter.idle()
    }

    private fun scan(code: String) {
        code.forEach { key(KeyEvent.KEYCODE_0 + (it - '0')) }
        key(KeyEvent.KEYCODE_ENTER)
    }

    /** The keys that go down on this field, which has the focus. */
    private fun keysOf(id: Int): List<Int> {
        val heard = ArrayList<Int>()
        val field = counter.find(id)!!
        assertTrue(field.requestFocus())
        field.setOnKeyListener { _, code, event ->
            if (event.action == KeyEvent.ACTION_DOWN) heard += code
            true
        }
        return heard
    }

    private fun pass(milliseconds: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(milliseconds))

    @Test
    fun `what the camera sees is charged without a tap, and the camera is left`() {
        toCode()
        see("134567890123456789")
        assertEquals(listOf("sell"), app.fake.commands)
        assertFalse(scanner.isWaiting)
    }

    @Test
    fun `a code that pays nothing is explained in place, and the picture stays`() {
        toCode()
        val picture = counter.find(R.id.finder)
        see("999999999999999999")
        assertNotNull(counter.find(R.id.failure))
        assertSame(picture, counter.find(R.id.finder))
        assertTrue(scanner.isWaiting)
        see("134567890123456789")
        assertEquals(listOf("sell"), app.fake.commands)
    }

    @Test
    fun `no code stands on the screen that the camera saw`() {
        toCode()
        see("999999999999999999")
        counter.seesNot("999999999999999999")
    }

    @Test
    fun `a code from another app is charged only after a tap, its tail shown`() {
        toCode()
        see("134567890123456789", held = false)
        assertEquals(emptyList<String>(), app.fake.commands)
        counter.sees("6789")
        counter.seesNot("3456789")
        counter.tap(R.id.main_action)
        assertEquals(listOf("sell"), app.fake.commands)
    }

    @Test
    fun `what is typed takes the place of a code from another app`() {
        toCode()
        see("134567890123456789", held = false)
        counter.type(R.id.payment_code, "999999999999999999")
        counter.tap(R.id.main_action)
        assertEquals(emptyList<String>(), app.fake.commands)
        assertNotNull(counter.find(R.id.failure))
    }

    @Test
    fun `a code from another app is gone with the way it came`() {
        toCode()
        see("134567890123456789", held = false)
        counter.tap(R.id.way_card)
        counter.tap(R.id.way_code)
        counter.tap(R.id.main_action)
        assertEquals(emptyList<String>(), app.fake.commands)
    }

    @Test
    fun `the card reader is switched on when the scanner is left`() {
        toCode()
        counter.tap(R.id.way_card)
        assertFalse(scanner.isWaiting)
        assertTrue(app.hardware.cardReader!!.isWaiting)
    }

    @Test
    fun `the person's wishes reach the camera`() {
        toCode()
        counter.tap(R.id.light)
        scanner.tell(Scan.Sight(CameraState.REFUSED))
        counter.idle()
        counter.tap(R.id.camera_wish)
        scanner.tell(Scan.Sight(CameraState.BUSY))
        counter.idle()
        counter.tap(R.id.camera_wish)
        assertEquals(listOf(CameraWish.LIGHT, CameraWish.SETTINGS, CameraWish.AGAIN), camera.wishes)
    }

    @Test
    fun `a scanner that types sells where a code is waited for`() {
        toWedge()
        scan("134567890123456789")
        assertEquals(listOf("sell"), app.fake.commands)
    }

    @Test
    fun `a scan neither presses the button that has the focus nor stands in a field`() {
        app.hardware.keys = wedge
        counter.digits("36.50")
        val charge = counter.find(R.id.charge)!!
        charge.isFocusableInTouchMode = true
        assertTrue(charge.requestFocus())
        scan("134567890123456789")
        pass(Burst.END)
        assertNotNull("still at home", counter.find(R.id.charge))
        assertEquals("36.50", counter.text(R.id.amount).filter { it.isDigit() || it == '.' })
        key(KeyEvent.KEYCODE_ENTER)
        assertEquals("a person's enter still presses it", null, counter.find(R.id.charge))
    }

    @Test
    fun `a scan types into no field that has the focus`() {
        toWedge()
        counter.tap(R.id.way_manual)
        val heard = keysOf(R.id.card_number)
        scan("134567890123456789")
        pass(Burst.END)
        assertEquals(emptyList<Int>(), heard)
        assertEquals(emptyList<String>(), app.fake.commands)
    }

    @Test
    fun `a person types on a keyboard as ever`() {
        toWedge()
        val heard = keysOf(R.id.payment_code)
        for (digit in "1345") {
            key(KeyEvent.KEYCODE_0 + (digit - '0'))
            pass(Burst.GAP * 3)
        }
        key(KeyEvent.KEYCODE_ENTER)
        assertEquals("1345".map { KeyEvent.KEYCODE_0 + (it - '0') } + KeyEvent.KEYCODE_ENTER, heard)
    }

    @Test
    fun `keys of the screen itself are no scanner's`() {
        toWedge()
        val heard = keysOf(R.id.payment_code)
        "1345678901".forEach { key(KeyEvent.KEYCODE_0 + (it - '0'), device = VIRTUAL) }
        assertEquals("at once", 10, heard.size)
    }

    private companion object {
        const val KEYBOARD = 7
        const val VIRTUAL = -1
    }
}
