package com.voidproof.app.ui

import android.annotation.SuppressLint
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.FrameLayout
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.core.Live
import com.voidproof.app.core.News
import com.voidproof.app.core.Session
import com.voidproof.app.screens.screenOf
import com.voidproof.app.text.Money
import com.voidproof.gateway.Change

/** The window: news at the top, the screen in front below it. */
@SuppressLint("ViewConstructor")
class Shell(private val ui: Ui, private val session: Session) : LinearLayout(ui.context) {
    private val board = ui.column()
    private val place = FrameLayout(ui.context)
    private var shown: Live<*, *>? = null
    private val lift = Runnable { hold(false) }

    /** A finger is on the window: a view that is replaced under it would lose the click. */
    private var held = false

    /** To be shown once the finger is gone. */
    private var late: List<News>? = null

    init {
        id = R.id.shell
        orientation = VERTICAL
        setBackgroundColor(ui.color(R.color.surface))
        keepClearOfEdges()
        if (!resources.getBoolean(R.bool.live)) put(mark())
        put(board)
        put(place, height = 0, weight = 1f)
    }

    /** On every screen of an edition that is not for money. */
    private fun mark() = ui.text(R.string.training_mark, Type.MARK, R.color.owed).apply {
        id = R.id.edition
        gravity = Gravity.CENTER
        setBackgroundColor(ui.color(R.color.owed_ground))
        pad(ui, Gap.SMALL, 1)
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean {
        if (event.actionMasked == MotionEvent.ACTION_DOWN) {
            removeCallbacks(lift)
            hold(true)
            // A finger that never leaves, or a broken glass, keeps no answer from the person.
            postDelayed(lift, LONGEST)
        }
        return super.dispatchTouchEvent(event).also {
            // The click itself is posted by the view: this comes after it.
            if (event.actionMasked == MotionEvent.ACTION_UP || event.actionMasked == MotionEvent.ACTION_CANCEL) post(lift)
        }
    }

    private fun hold(on: Boolean) {
        held = on
        shown?.held = on
        if (on) return
        removeCallbacks(lift)
        late?.let(::news)
    }

    fun show(live: Live<*, *>) {
        if (shown === live && place.childCount > 0) return
        shown?.draw = null
        // Nobody has touched the screen that comes, and a finger may have left with a rotation.
        live.held = false
        shown = live
        place.removeAllViews()
        place.addView(screenOf(ui, live, session), MATCH_PARENT, MATCH_PARENT)
    }

    /** The oldest first; the others wait behind it. */
    fun news(news: List<News>) {
        late = news.takeIf { held }
        if (held) return
        board.removeAllViews()
        val first = news.firstOrNull() ?: return
        val (icon, meaning, words) = tell(first) ?: return
        board.put(
            ui.row {
                id = R.id.news
                setBackgroundColor(ui.color(meaning.ground))
                setPadding(ui.dp(Gap.LARGE), ui.dp(Gap.TINY), 0, ui.dp(Gap.TINY))
                val open = ui.row {
                    id = R.id.news_open
                    put(ui.image(icon, meaning.ink, ICON), width = ui.dp(ICON), height = ui.dp(ICON))
                    put(ui.text(words, Type.BODY_BOLD, meaning.ink), width = 0, weight = 1f, start = Gap.SMALL)
                    tappable(ui, words) { session.open(first) }
                    accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
                }
                put(open, width = 0, weight = 1f)
                if (news.size > 1) put(ui.text("+${news.size - 1}", Type.SMALL_BOLD, meaning.ink))
                put(
                    ui.iconButton(R.drawable.ic_close, R.string.news_close, R.id.news_close, meaning.ink) { session.dismiss(first) },
                    width = ui.dp(TOUCH),
                    height = ui.dp(TOUCH),
                )
            },
        )
    }

    private fun tell(news: News): Triple<Int, Meaning, String>? = when (val change = news.change) {
        is Change.UndoChanged -> sign(change.status).let {
            val what = ui.string(undoKind(change.kind)) + " " + Money.yuan(change.amount)
            Triple(it.icon, it.meaning, ui.string(R.string.news, what, ui.string(it.word)))
        }
        is Change.SaleChanged -> sign(change.status).let {
            Triple(it.icon, it.meaning, ui.string(R.string.news, ui.string(R.string.sale), ui.string(it.word)))
        }
        else -> null
    }

    private companion object {
        const val ICON = 20

        /** Milliseconds. */
        const val LONGEST = 2_000L
    }
}
