package com.voidproof.app.screens

import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.widget.TextView
import com.voidproof.app.Counter
import com.voidproof.app.R
import com.voidproof.app.TestApp
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper
import java.util.concurrent.TimeUnit

/** A finger stays on what it touched, whatever the core says meanwhile. */
@RunWith(RobolectricTestRunner::class)
class TouchTest {
    private val fake: FakeGateway get() = (RuntimeEnvironment.getApplication() as TestApp).fake
    private var down = 0L

    @Test
    @Config(sdk = [24, 34])
    fun `a change between down and up takes no click away`() {
        fake.shop.here = null
        Counter().use { counter ->
            val chip = counter.chip()
            counter.finger(MotionEvent.ACTION_DOWN, chip)
            fake.plug(false)
            counter.idle()
            assertTrue("the view under the finger stays", chip in counter.views())
            counter.finger(MotionEvent.ACTION_UP, chip)
            counter.idle()
            assertFalse("the finger is gone: drawn anew", chip in counter.views())
            counter.digits("135790")
            counter.tap(R.id.main_action)
            assertEquals("01", fake.shop.here)
        }
    }

    @Test
    fun `a finger that never leaves keeps nothing from the screen`() {
        fake.shop.here = null
        Counter().use { counter ->
            val chip = counter.chip()
            counter.finger(MotionEvent.ACTION_DOWN, chip)
            fake.plug(false)
            counter.idle()
            assertTrue(chip in counter.views())
            ShadowLooper.idleMainLooper(2, TimeUnit.SECONDS)
            assertFalse(chip in counter.views())
        }
    }

    @Test
    fun `a rotation under the finger leaves a screen that is drawn`() {
        fake.shop.here = null
        Counter().use { counter ->
            counter.finger(MotionEvent.ACTION_DOWN, counter.chip())
            counter.controller.recreate()
            counter.idle()
            val chip = counter.chip()
            fake.plug(false)
            counter.idle()
            assertFalse(chip in counter.views())
        }
    }

    /** The cashier's, who is not the one chosen at first. */
    private fun Counter.chip(): View = views().single { it.isClickable && (it as? TextView)?.text?.startsWith("01") == true }

    private fun Counter.finger(action: Int, on: View) {
        val window = activity.window.decorView
        val at = IntArray(2).also(on::getLocationInWindow)
        val now = SystemClock.uptimeMillis()
        if (action == MotionEvent.ACTION_DOWN) down = now
        val event = MotionEvent.obtain(down, now, action, at[0] + on.width / 2f, at[1] + on.height / 2f, 0)
        window.dispatchTouchEvent(event)
        event.recycle()
    }
}
