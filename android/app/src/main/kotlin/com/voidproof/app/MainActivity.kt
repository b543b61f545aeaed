package com.voidproof.app

import android.app.Activity
import android.content.ContentResolver
import android.content.Intent
import android.content.res.Configuration
import android.net.Uri
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.view.ContextThemeWrapper
import android.view.KeyEvent
import android.view.View
import android.view.ViewTreeObserver
import android.view.WindowManager
import com.voidproof.app.core.Live
import com.voidproof.app.core.News
import com.voidproof.app.core.Session
import com.voidproof.app.core.Settings
import com.voidproof.app.core.Stage
import com.voidproof.app.core.StartPart
import com.voidproof.app.core.Theme
import com.voidproof.app.core.secret
import com.voidproof.app.device.background.Notices
import com.voidproof.app.device.platform.isPinned
import com.voidproof.app.screens.Registry
import com.voidproof.app.ui.Shell
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.drawEdgeToEdge
import com.voidproof.gateway.Language
import kotlinx.coroutines.CoroutineDispatcher
import java.util.Locale
import kotlin.coroutines.CoroutineContext

/** The only activity: a stage on which the session shows its screens. */
class MainActivity : Activity(), Stage {
    private lateinit var session: Session
    private lateinit var shell: Shell
    private val trace get() = (application as BaseApp).trace

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        trace.begin(StartPart.FIRST_FRAME)
        trace.begin(StartPart.FIRST_LAYOUT)
        drawEdgeToEdge(window)
        @Suppress("DEPRECATION") // The framework's own way to keep an object over a rotation.
        session = lastNonConfigurationInstance as Session?
            ?: Session(application as BaseApp, Registry(), MainThread, savedInstanceState?.getStringArrayList(SCREENS).orEmpty())
        if (savedInstanceState == null) take(intent)
        session.attach(this)
    }

    @Deprecated("Deprecated in Java")
    override fun onRetainNonConfigurationInstance(): Any = session

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    private fun take(intent: Intent) {
        val called = Notices.routeOf(intent)
        if (called == null) offer(intent) else session.goTo(called)
    }

    /** A file that another app hands over is only listed; it is read when the person taps it. */
    private fun offer(intent: Intent) {
        val file = if (intent.action == Intent.ACTION_VIEW) intent.data else intent.extras?.let(::stream)
        if (file?.scheme != ContentResolver.SCHEME_CONTENT) return
        (application as BaseApp).devices.profiles?.offer(file.toString())
        session.offered()
    }

    /** Whatever another app put there: what is no address gives nothing. */
    @Suppress("DEPRECATION") // Its successor needs API 33.
    private fun stream(extras: Bundle): Uri? = try {
        extras.get(Intent.EXTRA_STREAM) as? Uri
    } catch (_: RuntimeException) {
        null
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putStringArrayList(SCREENS, ArrayList(session.save()))
    }

    override fun onDestroy() {
        session.detach()
        if (!isChangingConfigurations) session.close()
        super.onDestroy()
    }

    /** A scanner that types is no person: its keys reach no field and press no button. */
    override fun dispatchKeyEvent(event: KeyEvent): Boolean {
        val taken = (application as BaseApp).devices.keys?.take(event) { super.dispatchKeyEvent(it) } ?: false
        return taken || super.dispatchKeyEvent(event)
    }

    @Deprecated("Deprecated in Java")
    override fun onBackPressed() {
        session.back()
    }

    override fun show(live: Live<*, *>) {
        val hidden = session.tools.devices.hidesScreens && live.route.secret
        window.setFlags(if (hidden) WindowManager.LayoutParams.FLAG_SECURE else 0, WindowManager.LayoutParams.FLAG_SECURE)
        shell.show(live)
    }

    override fun news(news: List<News>) = shell.news(news)

    override fun stayLit(lit: Boolean) {
        val flag = WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
        if (lit) window.addFlags(flag) else window.clearFlags(flag)
    }

    /** Pinned to the screen, the app is what the terminal shows, and there is nowhere to go back to. */
    override fun leave() {
        if (!isPinned(this)) finish()
    }

    override fun apply(settings: Settings) {
        val context = ContextThemeWrapper(this, R.style.Theme_Voidproof)
        context.applyOverrideConfiguration(configuration(settings))
        val tools = session.tools
        shell = Shell(Ui(context, tools.devices.clock, tools.gateway.abilities), session)
        title = context.getString(R.string.app_name)
        setContentView(shell)
        shell.viewTreeObserver.addOnPreDrawListener(FirstDraw(shell))
    }

    /** What the person chose, over what the device says. */
    private fun configuration(settings: Settings) = Configuration(resources.configuration).apply {
        setLocale(if (settings.language == Language.ZH) Locale.SIMPLIFIED_CHINESE else Locale.ENGLISH)
        val night = when (settings.theme) {
            Theme.SYSTEM -> return@apply
            Theme.LIGHT -> Configuration.UI_MODE_NIGHT_NO
            Theme.DARK -> Configuration.UI_MODE_NIGHT_YES
        }
        uiMode = uiMode and Configuration.UI_MODE_NIGHT_MASK.inv() or night
    }

    private inner class FirstDraw(private val view: View) : ViewTreeObserver.OnPreDrawListener {
        override fun onPreDraw(): Boolean {
            view.viewTreeObserver.removeOnPreDrawListener(this)
            trace.end(StartPart.FIRST_LAYOUT)
            view.post { trace.end(StartPart.FIRST_FRAME) }
            return true
        }
    }

    private companion object {
        const val SCREENS = "screens"
    }
}

/** Runs at once on the main thread, else by a message to it. */
internal object MainThread : CoroutineDispatcher() {
    private val handler = Handler(Looper.getMainLooper())

    override fun isDispatchNeeded(context: CoroutineContext) = Looper.myLooper() != Looper.getMainLooper()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        handler.post(block)
    }
}
