package com.voidproof.app.ui

import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.Typeface
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.graphics.drawable.StateListDrawable
import android.text.SpannableStringBuilder
import android.text.Spanned
import android.text.style.ForegroundColorSpan
import android.text.style.StyleSpan
import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Clock
import kotlin.math.roundToInt

/** The five meanings. Each has a colour, a shape and, wherever it stands, a word. */
enum class Meaning(val ink: Int, val ground: Int) {
    DONE(R.color.done, R.color.done_ground),
    OWED(R.color.owed, R.color.owed_ground),
    REFUSED(R.color.refused, R.color.refused_ground),
    INFO(R.color.info, R.color.info_ground),
    NEUTRAL(R.color.neutral, R.color.neutral_ground),
}

/** The sizes of type in use, in sp. */
enum class Type(val sp: Float, val bold: Boolean = false) {
    MARK(11f, true), SMALL(13f), SMALL_BOLD(13f, true), BODY(15f), BODY_BOLD(15f, true), LARGE(16f), LARGE_BOLD(16f, true), TITLE(19f, true), KEY(24f),
    HEAD(26f, true), HEAD_LOW(22f, true), AMOUNT(44f, true), AMOUNT_LOW(32f, true),
}

/** Spacing in dp. */
object Gap {
    const val TINY = 4
    const val SMALL = 8
    const val MEDIUM = 12
    const val LARGE = 16
}

/** Radius of cards and main buttons, in dp. */
const val RADIUS = 14f

/** Smallest thing to touch, and the height of a main action, in dp. */
const val TOUCH = 48
const val MAIN_ACTION = 60

/**
 * What all views of the app are made with: a context of the language and theme chosen, its measures, and what the core can do, since
 * nothing else is offered.
 */
class Ui(val context: Context, val clock: Clock, private val abilities: Set<Ability>) {
    private val resources = context.resources
    private val density = resources.displayMetrics.density

    /** A counter tablet lying on its side: content left, actions right. */
    val wide: Boolean = resources.configuration.run {
        orientation == Configuration.ORIENTATION_LANDSCAPE && screenWidthDp >= WIDE
    }

    /** A screen of the smallest old terminals. */
    val low: Boolean = resources.configuration.screenHeightDp < LOW

    /** Width of the content, in dp: what the actions at the side leave. */
    val bodyWidth: Int = resources.configuration.screenWidthDp - if (wide) SIDE else 0

    /** The longest line of content, in dp. */
    val readable: Int = READABLE

    fun can(ability: Ability): Boolean = ability in abilities

    fun dp(value: Int): Int = (value * density).roundToInt()

    fun dp(value: Float): Float = value * density

    fun sp(value: Float): Float = value * resources.displayMetrics.density * resources.configuration.fontScale

    fun color(id: Int): Int = context.getColor(id)

    fun string(id: Int, vararg arguments: Any): String = resources.getString(id, *arguments)

    /** A string in which `**words**` stand bold and in full colour. */
    fun rich(id: Int, vararg arguments: Any): CharSequence {
        val parts = string(id, *arguments).split("**")
        return SpannableStringBuilder().apply {
            parts.forEachIndexed { i, part ->
                val from = length
                append(part)
                if (i % 2 == 1) {
                    setSpan(StyleSpan(Typeface.BOLD), from, length, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
                    setSpan(ForegroundColorSpan(color(R.color.ink)), from, length, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
                }
            }
        }
    }

    fun icon(id: Int, color: Int): Drawable = context.getDrawable(id)!!.mutate().apply { setTint(color(color)) }

    /** A rounded ground, [line] drawn around it where given. */
    fun ground(color: Int, radius: Float = RADIUS, line: Int? = null, width: Float = 1f): GradientDrawable =
        GradientDrawable().apply {
            setColor(color(color))
            cornerRadius = dp(radius)
            line?.let { setStroke(dp(width).roundToInt().coerceAtLeast(1), color(it)) }
        }

    /** [content] that answers to a touch, and shows the focus of a keyboard. */
    fun touchable(content: Drawable, radius: Float = RADIUS): Drawable {
        val mask = GradientDrawable().apply {
            setColor(-1)
            cornerRadius = dp(radius)
        }
        val focus = GradientDrawable().apply {
            cornerRadius = dp(radius)
            setStroke(dp(3), color(R.color.focus))
        }
        val ring = StateListDrawable().apply { addState(intArrayOf(android.R.attr.state_focused), focus) }
        val layers = android.graphics.drawable.LayerDrawable(arrayOf(content, ring))
        return RippleDrawable(ColorStateList.valueOf(color(R.color.pressed)), layers, mask)
    }

    fun column(build: LinearLayout.() -> Unit = {}): LinearLayout = linear(LinearLayout.VERTICAL, build)

    fun row(build: LinearLayout.() -> Unit = {}): LinearLayout = linear(LinearLayout.HORIZONTAL) {
        gravity = Gravity.CENTER_VERTICAL
        build()
    }

    private fun linear(direction: Int, build: LinearLayout.() -> Unit) = LinearLayout(context).apply {
        orientation = direction
        isBaselineAligned = false
        build()
    }

    companion object {
        /** Width of the column of actions on a wide screen, in dp. */
        const val SIDE = 340
        private const val READABLE = 600
        private const val WIDE = 600
        private const val LOW = 560
    }
}

/** Adds [view] with sizes in pixels and margins in dp. */
fun <V : View> LinearLayout.put(
    view: V,
    width: Int = if (orientation == LinearLayout.VERTICAL) MATCH_PARENT else WRAP_CONTENT,
    height: Int = WRAP_CONTENT,
    weight: Float = 0f,
    top: Int = 0,
    start: Int = 0,
    bottom: Int = 0,
    gravity: Int = -1,
): V {
    val density = resources.displayMetrics.density
    val params = LinearLayout.LayoutParams(width, height, weight)
    params.topMargin = (top * density).roundToInt()
    params.leftMargin = (start * density).roundToInt()
    params.bottomMargin = (bottom * density).roundToInt()
    params.gravity = gravity
    addView(view, params)
    return view
}

fun View.pad(ui: Ui, horizontal: Int, vertical: Int) =
    setPadding(ui.dp(horizontal), ui.dp(vertical), ui.dp(horizontal), ui.dp(vertical))

val ViewGroup.children: List<View> get() = (0 until childCount).map(::getChildAt)
