package com.voidproof.app.screens.pay

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.FrameLayout
import android.widget.ImageView
import android.widget.TextView
import com.voidproof.app.R
import com.voidproof.app.device.CameraState
import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.Light
import com.voidproof.app.device.Scan
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.RADIUS
import com.voidproof.app.ui.TOUCH
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.iconButton
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.put
import com.voidproof.app.ui.text

/** How a code gets into the terminal: the camera's picture with a frame to aim with, or what stands in its way and what to do now. */
class ScanPart(private val ui: Ui, private val finder: ((Context) -> View)?, private val wish: (CameraWish) -> Unit) {
    /** Stays on the screen through all that is read, so that the camera stays open. */
    val root = ui.column()
    private var drawn: Pair<PayState.Scanner, Scan.Sight?>? = null
    private var sees = false
    private val aim: TextView = ui.text("", Type.BODY_BOLD).apply {
        gravity = Gravity.CENTER
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        id = R.id.headline
    }
    private val lamp: ImageView = ui.iconButton(R.drawable.ic_light, R.string.light_on, R.id.light, R.color.paper) { wish(CameraWish.LIGHT) }

    fun bind(state: PayState) {
        val next = state.scanner to state.sight
        if (next == drawn) return
        drawn = next
        val sight = state.sight
        if (finder != null && state.scanner == PayState.Scanner.WAITING && sight != null && sight.camera in SHOWN) {
            picture(finder, sight)
        } else {
            root.removeAllViews()
            sees = false
            instead(state)
        }
    }

    private fun picture(finder: (Context) -> View, sight: Scan.Sight) {
        if (!sees) {
            sees = true
            root.removeAllViews()
            root.put(window(finder), height = ui.dp(if (ui.low) LOW else HIGH), top = Gap.MEDIUM)
            root.put(aim, top = Gap.SMALL)
        }
        val words = when (sight.camera) {
            CameraState.STARTING -> R.string.camera_starting
            CameraState.MANY -> R.string.camera_many
            else -> R.string.camera_aim
        }
        aim.text = ui.string(words)
        aim.setTextColor(ui.color(if (sight.camera == CameraState.MANY) R.color.owed else R.color.ink))
        lamp.visibility = if (sight.light == Light.NONE) View.GONE else View.VISIBLE
        lamp.contentDescription = ui.string(if (sight.light == Light.ON) R.string.light_off else R.string.light_on)
        lamp.isSelected = sight.light == Light.ON
    }

    private fun window(finder: (Context) -> View): View = FrameLayout(ui.context).apply {
        id = R.id.finder
        background = ui.ground(R.color.paper_ink, RADIUS)
        clipToOutline = true
        addView(finder(ui.context), MATCH_PARENT, MATCH_PARENT)
        addView(AimView(ui), MATCH_PARENT, MATCH_PARENT)
        (lamp.parent as? FrameLayout)?.removeView(lamp)
        lamp.background = ui.touchable(ui.ground(R.color.paper_ink, TOUCH / 2f), TOUCH / 2f)
        val size = ui.dp(TOUCH)
        addView(lamp, FrameLayout.LayoutParams(size, size, Gravity.BOTTOM or Gravity.END).apply { setMargins(0, 0, ui.dp(Gap.SMALL), ui.dp(Gap.SMALL)) })
    }

    /** What there is in place of a picture. */
    private fun instead(state: PayState) {
        if (state.scanner == PayState.Scanner.ABSENT) return
        if (state.scanner == PayState.Scanner.BROKEN) return tell(R.string.scanner_broken, R.string.scanner_broken_hint)
        when (state.sight?.camera) {
            CameraState.ASKS -> {
                prompt(R.string.camera_ask, R.string.camera_ask_hint)
                offer(R.string.camera_allow, CameraWish.ALLOW)
            }
            CameraState.REFUSED -> {
                tell(R.string.camera_refused, R.string.camera_refused_hint)
                offer(R.string.camera_settings, CameraWish.SETTINGS)
            }
            CameraState.BUSY -> {
                tell(R.string.camera_busy, R.string.camera_busy_hint)
                offer(R.string.camera_again, CameraWish.AGAIN)
            }
            CameraState.BROKEN -> {
                tell(R.string.camera_broken, R.string.camera_else_hint)
                offer(R.string.camera_again, CameraWish.AGAIN)
            }
            CameraState.DISABLED -> tell(R.string.camera_disabled, R.string.camera_else_hint)
            CameraState.ABSENT -> prompt(R.string.scan_code, R.string.camera_else_hint)
            else -> prompt(R.string.scan_code, R.string.scan_code_hint)
        }
    }

    private fun prompt(heading: Int, hint: Int) =
        root.put(ui.prompt(R.drawable.ic_scan, Meaning.INFO, ui.string(heading), ui.string(hint)), top = Gap.LARGE)

    private fun tell(heading: Int, hint: Int) {
        root.put(ui.notice(Meaning.OWED, ui.string(heading), ui.string(hint)), top = Gap.LARGE)
    }

    private fun offer(label: Int, wanted: CameraWish) =
        root.put(ui.button(ui.string(label), ButtonKind.SECOND, R.id.camera_wish) { wish(wanted) }, top = Gap.MEDIUM)

    private companion object {
        val SHOWN = setOf(CameraState.STARTING, CameraState.SEES, CameraState.MANY)
        const val HIGH = 216
        const val LOW = 150
    }
}

/** Four corners to hold a code between; what lies around them is darkened. */
@SuppressLint("ViewConstructor")
private class AimView(private val ui: Ui) : View(ui.context) {
    private val shade = Paint().apply { color = SHADE }
    private val line = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        color = Color.WHITE
        style = Paint.Style.STROKE
        strokeWidth = ui.dp(LINE)
        strokeCap = Paint.Cap.ROUND
    }

    override fun onDraw(canvas: Canvas) {
        val side = minOf(width, height) - 2f * ui.dp(INSET)
        val left = (width - side) / 2
        val top = (height - side) / 2
        val right = left + side
        val bottom = top + side
        canvas.drawRect(0f, 0f, width.toFloat(), top, shade)
        canvas.drawRect(0f, bottom, width.toFloat(), height.toFloat(), shade)
        canvas.drawRect(0f, top, left, bottom, shade)
        canvas.drawRect(right, top, width.toFloat(), bottom, shade)
        val arm = ui.dp(ARM)
        listOf(left to 1f, right to -1f).forEach { (x, inward) ->
            listOf(top to 1f, bottom to -1f).forEach { (y, down) ->
                canvas.drawLine(x, y, x + inward * arm, y, line)
                canvas.drawLine(x, y, x, y + down * arm, line)
            }
        }
    }

    private companion object {
        const val SHADE = 0x73000000
        const val LINE = 3f
        const val INSET = 20
        const val ARM = 26f
    }
}
