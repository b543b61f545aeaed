package com.voidproof.app.ui

import android.view.Gravity
import android.view.HapticFeedbackConstants
import android.view.View
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.TextView
import com.voidproof.app.R
import com.voidproof.gateway.Secret

private val DIGITS = intArrayOf(
    R.id.key_0, R.id.key_1, R.id.key_2, R.id.key_3, R.id.key_4, R.id.key_5, R.id.key_6, R.id.key_7, R.id.key_8, R.id.key_9,
)

/** Twelve keys; the one at the bottom left is a point or empty. */
fun Ui.keypad(digit: (Char) -> Unit, point: (() -> Unit)?, erase: () -> Unit, clear: () -> Unit): GridView =
    GridView(context, columns = 3, gap = dp(if (low) KEY_GAP_LOW else Gap.SMALL), least = dp(TOUCH), most = dp(KEY)).apply {
        "123456789".forEach { addView(key(it, digit)) }
        addView(
            if (point == null) {
                View(context).apply { importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO }
            } else {
                textKey(".", R.id.key_point, R.string.key_point, point)
            },
        )
        addView(key('0', digit))
        addView(eraseKey(erase, clear))
    }

private fun Ui.key(digit: Char, tap: (Char) -> Unit) = textKey(digit.toString(), DIGITS[digit - '0'], null) { tap(digit) }

private fun Ui.textKey(label: String, id: Int, spoken: Int?, tap: () -> Unit): TextView = text(label, Type.KEY).apply {
    this.id = id
    gravity = Gravity.CENTER
    spoken?.let { contentDescription = string(it) }
    asKey(this, tap)
}

private fun Ui.eraseKey(erase: () -> Unit, clear: () -> Unit) = ImageView(context).apply {
    id = R.id.key_erase
    setImageDrawable(icon(R.drawable.ic_backspace, R.color.ink_2))
    scaleType = ImageView.ScaleType.CENTER
    contentDescription = string(R.string.key_erase)
    asKey(this, erase)
    setOnLongClickListener {
        clear()
        true
    }
}

private fun Ui.asKey(view: View, tap: () -> Unit) = view.apply {
    background = touchable(ground(R.color.surface, KEY_RADIUS, R.color.line), KEY_RADIUS)
    isFocusable = true
    actAs(android.widget.Button::class.java)
    setOnClickListener {
        it.performHapticFeedback(HapticFeedbackConstants.KEYBOARD_TAP)
        tap()
    }
}

/**
 * The digits of a PIN, typed on keys of our own so that no input method sees them. They live here alone, until they are taken.
 */
class PinPad(private val ui: Ui, private val changed: (complete: Boolean) -> Unit) : LinearLayout(ui.context) {
    private val digits = CharArray(MOST)
    private var typed = 0
    private val dots = ui.row { gravity = Gravity.CENTER }

    val complete: Boolean get() = typed >= LEAST

    init {
        orientation = VERTICAL
        dots.id = R.id.pin
        dots.minimumHeight = ui.dp(TOUCH)
        dots.background = ui.ground(R.color.surface, line = R.color.line)
        dots.isFocusable = true
        dots.accessibilityLiveRegion = ACCESSIBILITY_LIVE_REGION_POLITE
        put(dots)
        put(ui.keypad(::digit, null, ::erase, ::clear), height = 0, weight = 1f, top = Gap.MEDIUM)
        show()
    }

    /** The PIN, which is then gone from here. */
    fun take(): Secret = Secret(digits.copyOf(typed)).also { clear() }

    fun clear() {
        digits.fill('\u0000')
        typed = 0
        show()
    }

    private fun digit(digit: Char) {
        if (typed < MOST) {
            digits[typed++] = digit
            show()
        }
    }

    private fun erase() {
        if (typed > 0) {
            digits[--typed] = '\u0000'
            show()
        }
    }

    private fun show() {
        dots.removeAllViews()
        repeat(maxOf(typed, USUAL)) { i ->
            val dot = dots.put(View(ui.context), width = ui.dp(DOT), height = ui.dp(DOT), start = if (i == 0) 0 else Gap.SMALL)
            dot.background = if (i < typed) ui.ground(R.color.ink, DOT / 2f) else ui.ground(R.color.surface, DOT / 2f, R.color.ink_2, 2f)
        }
        dots.contentDescription = ui.string(R.string.pin_typed, typed)
        changed(complete)
    }

    override fun onDetachedFromWindow() {
        digits.fill('\u0000')
        typed = 0
        super.onDetachedFromWindow()
    }

    private companion object {
        const val LEAST = 4
        const val USUAL = 6
        const val MOST = 12
        const val DOT = 14
    }
}

private const val KEY = 72
private const val KEY_GAP_LOW = 5
private const val KEY_RADIUS = 12f
