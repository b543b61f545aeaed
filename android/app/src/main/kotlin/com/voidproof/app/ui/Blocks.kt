package com.voidproof.app.ui

import android.text.Editable
import android.text.InputType
import android.text.Layout
import android.text.TextWatcher
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import com.voidproof.app.R
import com.voidproof.app.device.PrintResult
import com.voidproof.app.text.Money
import com.voidproof.app.text.left
import com.voidproof.app.text.moment
import com.voidproof.app.text.roughly
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Link
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.WayBack

/** The largest thing on the screen: `¥128.00`. */
fun Ui.amount(digits: String, color: Int = R.color.ink, gravity: Int = Gravity.START): FitText = FitText(context).apply {
    style(this, Type.AMOUNT, color)
    letterSpacing = AMOUNT_SPACING
    text = amountText(digits)
    maxLines = 1
    this.gravity = gravity
}

fun amountText(digits: String): CharSequence = android.text.SpannableString("¥ $digits").apply {
    setSpan(android.text.style.RelativeSizeSpan(CURRENCY_SIZE), 0, 1, 0)
    setSpan(android.text.style.RelativeSizeSpan(CURRENCY_GAP), 1, 2, 0)
}

/** Online or not, in shape, colour and word. */
fun Ui.linkPill(link: Link): TextView = sign(link).let { pill(it.icon, string(it.word), it.meaning).apply { id = R.id.link } }

/** How much is owed. */
fun Ui.owedPill(count: Int): TextView = pill(R.drawable.ic_hourglass, string(R.string.owed_count, count), Meaning.OWED)

/** A sale in a list: rail, how it was paid, when, amount, and what can still be done with it. */
fun Ui.saleRow(sale: Sale, readAt: Long, tap: () -> Unit): View {
    val (state, ink) = saleState(sale, readAt)
    val means = means(sale)
    val details = listOf(moment(sale.at), number(sale)).filter(String::isNotEmpty).joinToString(" · ")
    val dead = sale.wayBack == WayBack.None
    val spoken = listOf(rail(sale.rail), means, string(R.string.spoken_yuan, Money.digits(sale.amount)), state, details)
    return listRow(
        badge(railBadge(sale.rail), if (dead) Meaning.NEUTRAL else railMeaning(sale.rail)),
        Line(means, Money.digits(sale.amount), if (dead) R.color.ink_2 else R.color.ink),
        Line(details, state, ink),
        spoken,
        tap,
    )
}

/** One line of a row: what stands left, what stands right, and the colour that counts. */
class Line(val left: CharSequence, val right: CharSequence, val ink: Int)

/** A row of two lines, each with something left and right; what has no room side by side goes below. */
fun Ui.listRow(badge: View, first: Line, second: Line, spoken: List<String>, tap: () -> Unit): View = row {
    pad(this@listRow, Gap.LARGE, Gap.MEDIUM)
    put(badge, width = dp(BADGE), height = dp(BADGE))
    val lines = column {
        put(sides(text(first.left, Type.LARGE_BOLD, first.ink), text(first.right, Type.LARGE_BOLD, first.ink)))
        put(sides(text(second.left, Type.SMALL, R.color.ink_2), text(second.right, Type.SMALL, second.ink)), top = 2)
    }
    put(lines, width = 0, weight = 1f, start = Gap.MEDIUM)
    tappable(this@listRow, spoken.filter(String::isNotEmpty).joinToString("，"), tap = tap)
}

private fun Ui.sides(left: TextView, right: TextView) = PairView(context, left, right.apply { gravity = Gravity.END }, dp(Gap.SMALL))

/** What a list says at the right of a sale. */
private fun Ui.saleState(sale: Sale, readAt: Long): Pair<String, Int> {
    val undo = sale.undo
    val way = sale.wayBack
    return when {
        way is WayBack.InProgress && undo != null -> sign(undo.status).let { string(it.word) to it.meaning.ink }
        way is WayBack.Void && !way.deadline.certain -> string(R.string.can_void) to R.color.done
        way is WayBack.Void -> string(R.string.can_void_for, roughly(left(way.deadline, readAt))) to R.color.done
        way == WayBack.RefundOnly && sale.status == SaleStatus.APPROVED -> string(R.string.only_refund) to R.color.owed
        else -> sign(sale.status).let { string(it.word) to it.meaning.ink }
    }
}

/** Rows in one card, lines between them. */
fun Ui.rows(rows: List<View>): LinearLayout = column {
    background = ground(R.color.surface, line = R.color.line)
    clipToOutline = true
    rows.forEachIndexed { i, row ->
        if (i > 0) put(rule(), height = dp(1))
        put(row)
    }
}

/** A failure of the last command, where nothing else explains it. */
fun LinearLayout.putFailure(ui: Ui, failure: Failure?, top: Int = 0) {
    if (failure == null) return
    put(
        ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.failure(failure)).apply {
            id = R.id.failure
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        },
        top = top,
    )
}

fun LinearLayout.putPrintTrouble(ui: Ui, result: PrintResult?, top: Int = Gap.MEDIUM) {
    if (result == null || result.done) return
    val heading = if (result == PrintResult.UNSURE) R.string.maybe_printed else R.string.not_printed
    put(
        ui.notice(Meaning.OWED, ui.string(heading), ui.string(printTrouble(result))).apply {
            id = R.id.print_trouble
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        },
        top = top,
    )
}

/** Cause, who, goods, again: the four questions after a failure. */
fun Ui.answers(explanation: Explanation): LinearLayout = card {
    put(pair(R.string.ask_cause, string(cause(explanation.cause))))
    put(pair(R.string.ask_who, explanation.whoFixes))
    put(pair(R.string.ask_goods, string(goods(explanation.goods))))
    put(pair(R.string.ask_again, string(retry(explanation.retry))))
}

/** Code and reference, small, at the end. */
fun Ui.fineprint(explanation: Explanation): TextView =
    text(
        listOfNotNull(string(R.string.code_is, explanation.code), explanation.reference?.let { string(R.string.reference_is, it) })
            .joinToString(" · "),
        Type.SMALL,
        R.color.ink_2,
    )

/** One of several: black when chosen. */
fun Ui.chip(label: CharSequence, chosen: Boolean, enabled: Boolean = true, tap: () -> Unit): View =
    text(label, Type.BODY, if (chosen) R.color.on_selected else R.color.ink).apply {
        gravity = Gravity.CENTER
        minHeight = dp(TOUCH)
        minWidth = dp(TOUCH)
        pad(this@chip, Gap.LARGE, Gap.SMALL)
        val ground = ground(if (chosen) R.color.fill_selected else R.color.surface, CHIP, R.color.line.takeUnless { chosen }, CHIP_LINE)
        background = touchable(ground, CHIP)
        isSelected = chosen
        isEnabled = enabled
        isFocusable = true
        actAsChoice(android.widget.RadioButton::class.java, chosen)
        setOnClickListener { tap() }
    }

/** One of a few with a sentence of its own: a ring, filled when chosen. [many]: a box, as others may be chosen, too. */
fun Ui.choice(title: CharSequence, detail: CharSequence?, chosen: Boolean, many: Boolean = false, tap: () -> Unit): View = row {
    pad(this@choice, Gap.LARGE, Gap.MEDIUM)
    minimumHeight = dp(MENU)
    put(if (many) box(chosen) else ring(chosen), width = dp(RING), height = dp(RING))
    val words = column {
        put(text(title, Type.LARGE_BOLD))
        detail?.let { put(text(it, Type.BODY, R.color.ink_2)) }
    }
    put(words, width = 0, weight = 1f, start = Gap.MEDIUM)
    val ground = ground(R.color.surface, line = if (chosen) R.color.done else R.color.line, width = if (chosen) 2f else 1f)
    tappable(this@choice, listOfNotNull(title, detail).joinToString("，"), ground, tap)
    isSelected = chosen
    actAsChoice(if (many) android.widget.CheckBox::class.java else android.widget.RadioButton::class.java, chosen)
}

private fun Ui.ring(chosen: Boolean) = View(context).apply {
    background = ground(R.color.surface, RING / 2f, if (chosen) R.color.done else R.color.ink_2, if (chosen) RING_CHOSEN else 2f)
}

private fun Ui.box(chosen: Boolean): View =
    if (chosen) {
        image(R.drawable.ic_check, R.color.on_fill, RING).apply {
            background = ground(R.color.fill_done, BOX)
            pad(this@box, 2, 2)
        }
    } else {
        View(context).apply { background = ground(R.color.surface, BOX, R.color.ink_2, 2f) }
    }

private fun View.actAsChoice(kind: Class<out View>, chosen: Boolean) {
    accessibilityDelegate = object : View.AccessibilityDelegate() {
        override fun onInitializeAccessibilityNodeInfo(host: View, info: android.view.accessibility.AccessibilityNodeInfo) {
            super.onInitializeAccessibilityNodeInfo(host, info)
            info.className = kind.name
            info.isCheckable = true
            info.isChecked = chosen
        }
    }
}

/** A row of a menu: icon, words, perhaps a value at the right. */
fun Ui.menuRow(icon: Int, label: CharSequence, id: Int, value: CharSequence = "", ink: Int = R.color.ink, tap: () -> Unit): View = row {
    this.id = id
    pad(this@menuRow, Gap.LARGE, Gap.MEDIUM)
    minimumHeight = dp(MENU)
    put(image(icon, R.color.ink_2), width = dp(MENU_ICON), height = dp(MENU_ICON))
    put(text(label, Type.LARGE, ink), width = 0, weight = 1f, start = Gap.MEDIUM)
    if (value.isNotEmpty()) put(text(value, Type.BODY, R.color.ink_2), start = Gap.SMALL)
    put(image(R.drawable.ic_forward, R.color.ink_2, MENU_ARROW), width = dp(MENU_ARROW), height = dp(MENU_ARROW), start = Gap.SMALL)
    tappable(this@menuRow, if (value.isEmpty()) label else "$label，$value", tap = tap)
}

/** What people can still do where the terminal cannot prove: hand on what it knows, enter what was written. */
fun Ui.rescue(evidence: () -> Unit, decide: () -> Unit): View = rows(
    listOf(
        menuRow(R.drawable.ic_records, string(R.string.evidence), R.id.evidence, tap = evidence),
        menuRow(R.drawable.ic_person, string(R.string.decide_open), R.id.decide, tap = decide),
    ),
)

/** A field to type into, with its label above it in [head]. */
class Field(val root: View, val head: LinearLayout, val name: TextView, val input: EditText) {
    /** The field, out of where it stood, so that it can stand elsewhere with what was typed. */
    fun detached(): View = root.also { (it.parent as? android.view.ViewGroup)?.removeView(it) }
}

/** [secret]: nothing keeps what stands here, no saved state, no keyboard, no form filler. */
fun Ui.field(label: Int, id: Int, kind: Int = InputType.TYPE_CLASS_TEXT, hint: Int? = null, secret: Boolean = false): Field {
    val input = EditText(context).apply {
        this.id = id
        style(this, Type.LARGE, R.color.ink)
        setHintTextColor(color(R.color.ink_2))
        hint?.let { setHint(it) }
        inputType = kind
        imeOptions = EditorInfo.IME_FLAG_NO_EXTRACT_UI or EditorInfo.IME_FLAG_NO_FULLSCREEN
        minHeight = dp(TOUCH + Gap.TINY)
        background = touchableField()
        pad(this@field, Gap.MEDIUM, Gap.SMALL)
        isSaveEnabled = !secret
        if (secret) keepFromLearning()
        contentDescription = null
    }
    val name = text(label, Type.BODY_BOLD).apply { labelFor = id }
    val head = row { put(name, width = 0, weight = 1f) }
    val root = column {
        put(head)
        put(input, height = WRAP_CONTENT, top = Gap.TINY)
    }
    return Field(root, head, name, input)
}

/** No keyboard remembers what is typed here. Autofill is off in the whole app, by its theme. */
private fun EditText.keepFromLearning() {
    imeOptions = imeOptions or NO_PERSONALIZED_LEARNING
}

/** `EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING`, which the framework names from Android 8 on. */
private const val NO_PERSONALIZED_LEARNING = 0x1000000

/** Calls [tell] with what stands in the field whenever it changes. */
fun EditText.onTyped(tell: (String) -> Unit) = onChanged { tell(it.toString()) }

/** As [onTyped], without a copy of what stands there. */
fun EditText.onChanged(tell: (Editable) -> Unit) = addTextChangedListener(object : TextWatcher {
    override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit

    override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit

    override fun afterTextChanged(s: Editable) = tell(s)
})

fun Ui.touchableField() = android.graphics.drawable.StateListDrawable().apply {
    addState(intArrayOf(android.R.attr.state_focused), ground(R.color.surface, FIELD_RADIUS, R.color.focus, 2f))
    addState(intArrayOf(), ground(R.color.surface, FIELD_RADIUS, R.color.line, FIELD_LINE))
}

/** Nothing to show, and why that is fine or what to do. */
fun Ui.empty(icon: Int, words: CharSequence): View = column {
    gravity = Gravity.CENTER
    pad(this@empty, Gap.LARGE, EMPTY)
    put(image(icon, R.color.ink_2, EMPTY), width = dp(EMPTY), height = dp(EMPTY))
    val sentence = text(words, Type.LARGE, R.color.ink_2).apply {
        gravity = Gravity.CENTER
        breakStrategy = Layout.BREAK_STRATEGY_BALANCED
    }
    put(sentence, width = MATCH_PARENT, top = Gap.MEDIUM)
}

private const val AMOUNT_SPACING = -0.01f
private const val CURRENCY_SIZE = 0.55f
private const val CURRENCY_GAP = 0.35f
private const val BADGE = 40
private const val CHIP = 24f
private const val CHIP_LINE = 1.5f
private const val MENU = 56
private const val MENU_ICON = 24
private const val MENU_ARROW = 18
private const val FIELD_RADIUS = 12f
private const val FIELD_LINE = 1.5f
private const val EMPTY = 40
private const val RING = 22
private const val RING_CHOSEN = 7f
private const val BOX = 6f
