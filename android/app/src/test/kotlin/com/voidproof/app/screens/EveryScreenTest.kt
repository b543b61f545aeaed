package com.voidproof.app.screens

import android.graphics.Bitmap
import android.graphics.Color
import android.text.Spanned
import android.text.style.ForegroundColorSpan
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import androidx.test.platform.app.InstrumentationRegistry
import com.voidproof.app.Counter
import com.voidproof.app.R
import com.voidproof.app.SCENES
import com.voidproof.app.isLookedAt
import com.voidproof.app.scene
import com.voidproof.app.ui.children
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import kotlin.math.pow

/** What holds for every screen in every state, language, size and theme. */
@RunWith(ParameterizedRobolectricTestRunner::class)
class EveryScreenTest(private val scene: String, private val look: Look) {
    @Test
    fun `can be touched, heard and read`() = look.visit(scene(scene)).use { counter ->
        val views = counter.views()
        val wrong = ArrayList<String>()
        views.filter(View::isClickable).forEach { wrong += unheard(it) + tooSmall(it) }
        views.filterIsInstance<TextView>().forEach { wrong += cut(it) }
        views.forEach { wrong += outside(it) }
        val picture = InstrumentationRegistry.getInstrumentation().uiAutomation.takeScreenshot()
        views.filterIsInstance<TextView>().filter { it.text.isNotBlank() }.forEach { wrong += faint(it, picture) }
        wrong += order(counter)
        wrong += complain(views.none { it.id == R.id.edition }) { "nothing says that this is for training" }
        assertEquals(emptyList<String>(), wrong)
    }

    private fun unheard(view: View): List<String> = complain(spoken(view).isBlank()) { "${name(view)} says nothing" }

    private fun spoken(view: View): String = when {
        !view.contentDescription.isNullOrEmpty() -> view.contentDescription.toString()
        view is EditText -> view.hint?.toString() ?: labelOf(view)
        view is TextView -> view.text.toString()
        else -> ""
    }

    /** The label that names this field. */
    private fun labelOf(field: EditText): String =
        labels(field.rootView).firstOrNull { it.labelFor == field.id }?.text?.toString().orEmpty()

    private fun labels(view: View): List<TextView> = if (view is ViewGroup) view.children.flatMap(::labels) else listOfNotNull(view as? TextView)

    private fun tooSmall(view: View): List<String> {
        val least = (TOUCH * view.resources.displayMetrics.density).toInt()
        return complain(view.width < least || view.height < least) { "${name(view)} is ${view.width}x${view.height}, less than $least" }
    }

    /** Every line has its room, and nothing was replaced by dots. */
    private fun cut(view: TextView): List<String> {
        if (view is EditText) return cutHint(view)
        val layout = view.layout ?: return emptyList()
        val room = view.width - view.compoundPaddingLeft - view.compoundPaddingRight
        val tall = view.height - view.compoundPaddingTop - view.compoundPaddingBottom
        return complain(layout.height > tall + 1) { "${name(view)} needs ${layout.height} of $tall in height" } +
            complain((0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 }) { "${name(view)} is shortened" } +
            complain((0 until layout.lineCount).any { layout.getLineMax(it) > room + 1 }) { "${name(view)} is wider than $room" }
    }

    private fun cutHint(field: EditText): List<String> {
        val hint = field.hint?.toString().orEmpty().substringBefore('\n')
        val room = field.width - field.compoundPaddingLeft - field.compoundPaddingRight
        return complain(field.text.isEmpty() && field.paint.measureText(hint) > room) { "the hint of ${name(field)} is wider than $room" }
    }

    private fun outside(view: View): List<String> {
        val parent = view.parent as? ViewGroup ?: return emptyList()
        return complain(view.left < 0 || view.right > parent.width) { "${name(view)} sticks out at ${view.left}..${view.right} of ${parent.width}" }
    }

    /** Against the commonest colour around it on the picture: at least 4.5, or 3 where the type is large. */
    private fun faint(view: TextView, picture: Bitmap): List<String> {
        val at = IntArray(2).also(view::getLocationOnScreen)
        val pixels = HashMap<Int, Int>()
        for (y in maxOf(at[1], 0) until minOf(at[1] + view.height, picture.height) step 2) {
            for (x in maxOf(at[0], 0) until minOf(at[0] + view.width, picture.width) step 2) {
                pixels.merge(picture.getPixel(x, y), 1, Int::plus)
            }
        }
        val ground = pixels.maxByOrNull { it.value }?.key ?: return emptyList()
        if (covered(view, at, picture)) return emptyList()
        val least = if (view.textSize / view.resources.displayMetrics.density >= LARGE_TYPE) LEAST_LARGE else LEAST
        val spanned = view.text as? Spanned
        val colours = spanned?.getSpans(0, view.text.length, ForegroundColorSpan::class.java).orEmpty().map { it.foregroundColor }
        return (colours + view.currentTextColor).flatMap { colour ->
            complain(contrast(colour, ground) < least) {
                "${name(view)}: %.2f between #%06X and #%06X".format(contrast(colour, ground), colour and RGB, ground and RGB)
            }
        }
    }

    /** Scrolled out of sight, in part or fading at the edge: nothing can be measured there. */
    private fun covered(view: View, at: IntArray, picture: Bitmap): Boolean {
        val seen = android.graphics.Rect()
        if (!view.getGlobalVisibleRect(seen) || seen.height() < view.height) return true
        val scroll = generateSequence(view.parent) { it.parent }.filterIsInstance<android.widget.ScrollView>().firstOrNull() ?: return false
        val edge = IntArray(2).also(scroll::getLocationOnScreen)
        val fading = scroll.verticalFadingEdgeLength
        return at[1] < edge[1] + fading && scroll.scrollY > 0 || at[1] + view.height > edge[1] + scroll.height - fading || at[1] > picture.height
    }

    private fun contrast(a: Int, b: Int): Double {
        val (light, dark) = listOf(luminance(a), luminance(b)).sortedDescending()
        return (light + 0.05) / (dark + 0.05)
    }

    private fun luminance(colour: Int): Double {
        val (r, g, b) = listOf(Color.red(colour), Color.green(colour), Color.blue(colour)).map { it / 255.0 }
            .map { if (it <= 0.03928) it / 12.92 else ((it + 0.055) / 1.055).pow(2.4) }
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /** TalkBack goes by the order of the views: back, state, amount, and the main action after them. */
    private fun order(counter: Counter): List<String> {
        val ids = counter.views().map(View::getId).filter { it != View.NO_ID }
        val main = ids.indexOf(R.id.main_action)
        val head = ids.indexOf(R.id.headline)
        val back = ids.indexOf(R.id.back)
        return complain(main in 0 until head) { "the action comes before the state" } +
            complain(back > 0 && head in 0 until back) { "the way back comes after the state" }
    }

    private fun complain(wrong: Boolean, words: () -> String) = if (wrong) listOf(words()) else emptyList()

    private fun name(view: View): String {
        val id = view.id.takeIf { it > 0 }?.let { runCatching { view.resources.getResourceEntryName(it) }.getOrNull() }
        val text = (view as? TextView)?.text?.toString() ?: view.contentDescription?.toString()
        return listOfNotNull(view.javaClass.simpleName, id, text?.let { "“$it”" }).joinToString(" ")
    }

    companion object {
        private const val TOUCH = 48
        private const val LEAST = 4.5
        private const val LEAST_LARGE = 3.0
        private const val LARGE_TYPE = 24f
        private const val RGB = 0xFFFFFF

        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0} {1}")
        fun cases() = SCENES.filter { isLookedAt(it.name) }.flatMap { scene -> Look.values().map { arrayOf<Any>(scene.name, it) } }

        init {
            assertTrue(SCENES.map { it.name }.toSet().size == SCENES.size)
        }
    }
}
