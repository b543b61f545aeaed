package com.voidproof.app.screens

import android.graphics.Insets
import android.graphics.Rect
import android.view.View
import android.view.WindowInsets
import android.widget.EditText
import com.voidproof.app.Counter
import com.voidproof.app.R
import com.voidproof.app.TestApp
import com.voidproof.gateway.CoreState
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.util.Locale

/** Nothing that is drawn lies below a bar of the system, a cutout or the keyboard, on new and old Android alike. */
@RunWith(RobolectricTestRunner::class)
class EdgesTest {
    private fun visit(): Counter {
        Locale.setDefault(Locale.CHINA)
        (RuntimeEnvironment.getApplication() as TestApp).fake.state = CoreState.NeedsSetUp
        return Counter()
    }

    private fun Counter.dispatch(insets: WindowInsets) {
        activity.window.decorView.dispatchApplyWindowInsets(insets)
        shell.dispatchApplyWindowInsets(insets)
        idle()
        val root = activity.window.decorView
        root.measure(exactly(root.width), exactly(root.height))
        root.layout(0, 0, root.width, root.height)
        idle()
    }

    private fun exactly(size: Int) = View.MeasureSpec.makeMeasureSpec(size, View.MeasureSpec.EXACTLY)

    private val Counter.shell: View get() = find(R.id.shell)!!

    private fun Counter.free() = Rect(shell.paddingLeft, shell.paddingTop, shell.paddingRight, shell.paddingBottom)

    private fun Counter.bottomOf(view: View): Int = IntArray(2).also(view::getLocationInWindow)[1] + view.height

    private fun insets(keyboard: Int) = WindowInsets.Builder()
        .setInsets(WindowInsets.Type.statusBars(), Insets.of(0, 40, 0, 0))
        .setInsets(WindowInsets.Type.navigationBars(), Insets.of(0, 0, 0, 60))
        .setInsets(WindowInsets.Type.displayCutout(), Insets.of(24, 48, 0, 0))
        .setInsets(WindowInsets.Type.ime(), Insets.of(0, 0, 0, keyboard))
        .build()

    @Test
    fun `bars and cutouts are kept clear of`() = visit().use { counter ->
        counter.dispatch(insets(keyboard = 0))
        assertEquals(Rect(24, 48, 0, 60), counter.free())
        val button = counter.find(R.id.main_action)!!
        assertTrue(counter.bottomOf(button) <= counter.activity.window.decorView.height - 60)
        counter.dispatch(WindowInsets.Builder().build())
        assertEquals(Rect(), counter.free())
    }

    @Test
    fun `the keyboard hides neither the field nor the main action`() = visit().use { counter ->
        val field = counter.find(R.id.profile) as EditText
        field.requestFocus()
        val keyboard = counter.activity.window.decorView.height / 2
        counter.dispatch(insets(keyboard))
        val edge = counter.activity.window.decorView.height - keyboard
        assertEquals(keyboard, counter.shell.paddingBottom)
        assertTrue(counter.bottomOf(counter.find(R.id.main_action)!!) <= edge)
        val seen = Rect()
        assertTrue(field.getGlobalVisibleRect(seen) && seen.top < edge && seen.bottom <= edge && seen.height() > 0)
    }

    @Test
    @Config(sdk = [24, 28])
    @Suppress("DEPRECATION")
    fun `older Android is told to draw the same way`() = visit().use { counter ->
        val all = View.SYSTEM_UI_FLAG_LAYOUT_STABLE or View.SYSTEM_UI_FLAG_LAYOUT_FULLSCREEN or View.SYSTEM_UI_FLAG_LAYOUT_HIDE_NAVIGATION
        assertEquals(all, counter.activity.window.decorView.systemUiVisibility and all)
        val bars = WindowInsets::class.java.getDeclaredConstructor(Rect::class.java).newInstance(Rect(0, 40, 0, 60))
        counter.shell.dispatchApplyWindowInsets(bars)
        assertEquals(Rect(0, 40, 0, 60), counter.free())
    }
}
