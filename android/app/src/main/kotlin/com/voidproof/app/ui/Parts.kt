package com.voidproof.app.ui

import android.content.Context
import android.content.res.ColorStateList
import android.graphics.Typeface
import android.graphics.drawable.Drawable
import android.text.TextUtils
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.accessibility.AccessibilityNodeInfo
import android.widget.Button
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.TextView
import com.voidproof.app.R

private val MEDIUM: Typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)

fun Ui.text(text: CharSequence, type: Type = Type.BODY, color: Int = R.color.ink): TextView = TextView(context).apply {
    this.text = text
    style(this, type, color)
}

fun Ui.style(view: TextView, type: Type, color: Int) {
    view.textSize = type.sp
    view.setTextColor(color(color))
    view.typeface = if (type.bold) Typeface.DEFAULT_BOLD else Typeface.DEFAULT
    view.includeFontPadding = true
    view.fontFeatureSettings = "tnum"
    if (type == Type.BODY || type == Type.LARGE) view.setLineSpacing(0f, LINE_SPACING)
}

fun Ui.text(id: Int, type: Type = Type.BODY, color: Int = R.color.ink): TextView = text(string(id), type, color)

/** A white card. */
fun Ui.card(build: LinearLayout.() -> Unit): LinearLayout = column {
    background = ground(R.color.surface, line = R.color.line)
    pad(this@card, Gap.LARGE, Gap.MEDIUM)
    build()
}

enum class ButtonKind { MAIN, VOID, CALM, SECOND, SECOND_VOID }

/** A button of the foot: 60 dp for the one main action, 52 dp for the others. Its text wraps, it is never cut. */
fun Ui.button(label: CharSequence, kind: ButtonKind, id: Int = View.NO_ID, icon: Int? = null, tap: () -> Unit): Button =
    CenteredButton(context).apply {
        this.id = id
        text = label
        setAllCaps(false)
        stateListAnimator = null
        elevation = 0f
        val main = kind == ButtonKind.MAIN || kind == ButtonKind.VOID || kind == ButtonKind.CALM
        style(this, if (main) Type.TITLE else Type.LARGE_BOLD, R.color.ink)
        typeface = if (main) Typeface.DEFAULT_BOLD else MEDIUM
        gravity = Gravity.CENTER
        ellipsize = null
        minHeight = dp(if (main) MAIN_ACTION else SECOND_ACTION)
        minimumHeight = minHeight
        minWidth = dp(TOUCH)
        minimumWidth = minWidth
        pad(this@button, if (main) Gap.LARGE else Gap.SMALL, Gap.TINY)
        val (ground, ink, line) = when (kind) {
            ButtonKind.MAIN -> Triple(R.color.fill_done, R.color.on_fill, null)
            ButtonKind.VOID -> Triple(R.color.fill_refused, R.color.on_fill, null)
            ButtonKind.CALM -> Triple(R.color.info_ground, R.color.info, null)
            ButtonKind.SECOND -> Triple(R.color.surface, R.color.ink, R.color.line)
            ButtonKind.SECOND_VOID -> Triple(R.color.surface, R.color.refused, R.color.refused_line)
        }
        val states = android.graphics.drawable.StateListDrawable().apply {
            addState(intArrayOf(-android.R.attr.state_enabled), ground(R.color.fill_off))
            addState(intArrayOf(), ground(ground, line = line, width = LINE))
        }
        background = touchable(states)
        setTextColor(
            ColorStateList(
                arrayOf(intArrayOf(-android.R.attr.state_enabled), intArrayOf()),
                intArrayOf(color(R.color.on_off), color(ink)),
            ),
        )
        icon?.let { setIcon(this@button, it, ink) }
        setOnClickListener { tap() }
    }

/** A button whose icon stands beside its words, both in the middle. */
private class CenteredButton(context: Context) : Button(context) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val icon = compoundDrawables[0]
        if (icon != null && View.MeasureSpec.getMode(widthMeasureSpec) == View.MeasureSpec.EXACTLY) {
            val words = paint.measureText(text, 0, text.length).toInt()
            val free = View.MeasureSpec.getSize(widthMeasureSpec) - words - icon.bounds.width() - compoundDrawablePadding
            val side = maxOf(free / 2, minPadding)
            if (side != paddingLeft) setPadding(side, paddingTop, side, paddingBottom)
        }
        super.onMeasure(widthMeasureSpec, heightMeasureSpec)
    }

    private val minPadding = (Gap.SMALL * context.resources.displayMetrics.density).toInt()
}

private fun TextView.setIcon(ui: Ui, icon: Int, color: Int) {
    val drawable = ui.icon(icon, color)
    drawable.setBounds(0, 0, ui.dp(ICON), ui.dp(ICON))
    setCompoundDrawables(drawable, null, null, null)
    compoundDrawablePadding = ui.dp(Gap.SMALL)
}

fun Ui.image(icon: Int, color: Int, size: Int = ICON): ImageView = ImageView(context).apply {
    setImageDrawable(icon(icon, color))
    importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
    layoutParams = LinearLayout.LayoutParams(dp(size), dp(size))
}

/** An icon that is touched; its label is only spoken. */
fun Ui.iconButton(icon: Int, label: Int, id: Int, color: Int = R.color.ink, tap: () -> Unit): ImageView = ImageView(context).apply {
    this.id = id
    setImageDrawable(icon(icon, color))
    scaleType = ImageView.ScaleType.CENTER
    contentDescription = string(label)
    minimumWidth = dp(TOUCH)
    minimumHeight = dp(TOUCH)
    background = touchable(android.graphics.drawable.ColorDrawable(0), TOUCH / 2f)
    isFocusable = true
    actAs(Button::class.java)
    setOnClickListener { tap() }
}

/** A meaning in a few words: shape, colour, word. */
fun Ui.pill(icon: Int, label: CharSequence, meaning: Meaning): TextView = text(label, Type.SMALL_BOLD, meaning.ink).apply {
    background = ground(meaning.ground, PILL)
    pad(this@pill, PILL_PAD, PILL_PAD / 2)
    gravity = Gravity.CENTER
    maxLines = 1
    ellipsize = TextUtils.TruncateAt.END
    val drawable = icon(icon, meaning.ink)
    drawable.setBounds(0, 0, dp(SMALL_ICON), dp(SMALL_ICON))
    setCompoundDrawables(drawable, null, null, null)
    compoundDrawablePadding = dp(Gap.TINY)
}

/** Label left, value right; the value goes below where both have no room side by side. */
fun Ui.pair(label: CharSequence, value: CharSequence, color: Int = R.color.ink): View = PairView(
    context,
    text(label, Type.BODY, R.color.ink_2),
    text(value, Type.BODY_BOLD, color).apply { gravity = Gravity.END },
    dp(Gap.LARGE),
).apply { pad(this@pair, 0, Gap.TINY) }

fun Ui.pair(label: Int, value: CharSequence, color: Int = R.color.ink): View = pair(string(label), value, color)

/** One sentence that stands out: a bar of the meaning's colour, a small heading, the words. */
fun Ui.notice(meaning: Meaning, heading: CharSequence, words: CharSequence): View = row {
    background = ground(meaning.ground, NOTICE_RADIUS)
    clipToOutline = true
    gravity = Gravity.NO_GRAVITY
    put(View(context).apply { setBackgroundColor(color(meaning.ink)) }, width = dp(BAR), height = MATCH_PARENT)
    put(
        column {
            pad(this@notice, Gap.MEDIUM, NOTICE_PAD)
            put(text(heading, Type.SMALL_BOLD, meaning.ink))
            put(text(words, Type.BODY), top = 2)
        },
        width = 0,
        weight = 1f,
    )
}

/** The state in plain words, its shape beside it. TalkBack says it with [amount], and again whenever it changes. */
fun Ui.headline(icon: Int, meaning: Meaning, words: CharSequence, amount: String? = null): View = row {
    val circle = if (low) HEAD_CIRCLE_LOW else HEAD_CIRCLE
    put(
        ImageView(context).apply {
            setImageDrawable(icon(icon, meaning.ink))
            scaleType = ImageView.ScaleType.FIT_CENTER
            background = ground(meaning.ground, circle / 2f)
            val inset = dp(circle / 4)
            setPadding(inset, inset, inset, inset)
            importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        },
        width = dp(circle),
        height = dp(circle),
    )
    put(
        text(words, if (low) Type.HEAD_LOW else Type.HEAD).apply {
            id = R.id.headline
            amount?.let { contentDescription = "$words，" + string(R.string.spoken_yuan, it) }
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        },
        width = 0,
        weight = 1f,
        start = Gap.MEDIUM + 2,
    )
}

fun Ui.rule(): View = View(context).apply {
    setBackgroundColor(color(R.color.line))
    layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, dp(1))
}

fun LinearLayout.putRule(ui: Ui, top: Int = Gap.SMALL, bottom: Int = Gap.SMALL) =
    put(ui.rule(), height = ui.dp(1), top = top, bottom = bottom)

/** A square with the name of the rail in its colour. */
fun Ui.badge(label: CharSequence, meaning: Meaning): View = FitText(context).apply {
    style(this, Type.SMALL_BOLD, meaning.ink)
    text = label
    gravity = Gravity.CENTER
    maxLines = 1
    background = ground(meaning.ground, BADGE_RADIUS)
    setPadding(dp(2), 0, dp(2), 0)
    importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
    layoutParams = LinearLayout.LayoutParams(dp(BADGE), dp(BADGE))
}

/** TalkBack says what kind of thing this is. */
fun View.actAs(kind: Class<out View>) {
    accessibilityDelegate = object : View.AccessibilityDelegate() {
        override fun onInitializeAccessibilityNodeInfo(host: View, info: AccessibilityNodeInfo) {
            super.onInitializeAccessibilityNodeInfo(host, info)
            info.className = kind.name
        }
    }
}

/** A row of a list that opens something: one thing for TalkBack, whatever lies in it. */
fun View.tappable(ui: Ui, spoken: CharSequence, ground: Drawable = android.graphics.drawable.ColorDrawable(0), tap: () -> Unit) {
    contentDescription = spoken
    isFocusable = true
    minimumHeight = ui.dp(TOUCH)
    background = ui.touchable(ground)
    actAs(Button::class.java)
    setOnClickListener { tap() }
    if (this is android.view.ViewGroup) children.forEach { it.hideFromSpeech() }
}

private fun View.hideFromSpeech() {
    importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO_HIDE_DESCENDANTS
}

/** Text that grows smaller rather than being cut; for amounts and badges, which are one word. */
class FitText(context: Context) : TextView(context) {
    private var full = 0f

    /** The size that fits every line in [width] pixels, at most the one that was set. */
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        if (full == 0f) full = textSize
        val room = View.MeasureSpec.getSize(widthMeasureSpec) - compoundPaddingLeft - compoundPaddingRight
        if (View.MeasureSpec.getMode(widthMeasureSpec) != View.MeasureSpec.UNSPECIFIED && room > 0) {
            paint.textSize = full
            val needed = paint.measureText(text, 0, text.length)
            val size = if (needed > room) full * room / needed * SLACK else full
            if (size != textSize) setTextSize(android.util.TypedValue.COMPLEX_UNIT_PX, size)
        }
        super.onMeasure(widthMeasureSpec, heightMeasureSpec)
    }

    private companion object {
        const val SLACK = 0.99f
    }
}

private const val LINE_SPACING = 1.15f
private const val SECOND_ACTION = 52
private const val LINE = 1.5f
private const val ICON = 22
private const val SMALL_ICON = 14
private const val PILL = 999f
private const val PILL_PAD = 8
private const val NOTICE_RADIUS = 8f
private const val NOTICE_PAD = 10
private const val BAR = 4
private const val HEAD_CIRCLE = 64
private const val HEAD_CIRCLE_LOW = 44
private const val BADGE = 40
private const val BADGE_RADIUS = 10f
