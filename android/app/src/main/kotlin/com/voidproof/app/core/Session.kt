package com.voidproof.app.core

import com.voidproof.app.device.CustomerSees
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Network
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import java.io.Closeable

/** What the screens are drawn on. */
interface Stage {
    /** [live] is in front now; null while nothing is. */
    fun show(live: Live<*, *>)

    fun news(news: List<News>)

    fun apply(settings: Settings)

    /** Whether the screen stays lit although nobody touches it. */
    fun stayLit(lit: Boolean)

    /** Back from the last screen. */
    fun leave()
}

/** Makes the screen of a route. */
fun interface Screens {
    fun live(route: Route, session: Session, typed: String): Live<*, *>
}

/**
 * The screens in front of the person, from the bottom up, and the news they have not seen. Lives as long as the activity with all its
 * rotations; after a killed process it begins again with what [saved] gave. All calls come on the main thread.
 */
class Session(
    private val start: Start,
    private val screens: Screens,
    main: CoroutineContext,
    private var saved: List<String>,
) {
    /** Made before the first screen. */
    lateinit var tools: Tools
        private set
    internal val scope = CoroutineScope(SupervisorJob() + main)
    private val stack = ArrayList<Live<*, *>>()
    private var board = NewsBoard()
    private var listening: Job? = null
    private var watching: Closeable? = null
    private var stage: Stage? = null

    /** Null until they were read; nothing is drawn before, as nobody knows in which language. */
    private var kept: Settings? = null
    private var reading: Job? = null

    val settings: Settings get() = kept ?: Settings()

    /** Where a tapped notification leads; waits until somebody is logged on. */
    private var called: Route? = null

    /** Why [Route.Broken] is shown. */
    var broken: CoreState.Broken? = null
        private set

    val front: Live<*, *>? get() = stack.lastOrNull()

    fun attach(stage: Stage) {
        this.stage = stage
        if (kept == null) {
            if (reading == null) reading = read()
            return
        }
        stage.apply(settings)
        show()
    }

    private fun read() = launch({}) {
        tools = start.tools()
        kept = start.settings.load()
        stage?.apply(settings)
        open()
    }

    /** Another app handed over a file; only the first start has a use for one. */
    fun offered() {
        if (front?.route == Route.SetUp) front?.appear()
    }

    /** A notification was tapped: nobody gets past the log-on by it. */
    fun goTo(route: Route) {
        called = route
        follow()
    }

    private fun follow() {
        val route = called ?: return
        if (stack.firstOrNull()?.route != Route.Home) return
        called = null
        if (front?.route != route) push(route)
    }

    fun detach() {
        if (kept != null) tellCustomer(null)
        stage = null
    }

    /** While a customer is asked for something, nobody may be touching the terminal. */
    private fun tellCustomer(sees: CustomerSees?) {
        tools.devices.customerDisplay?.show(sees)
        stage?.stayLit(sees != null)
    }

    fun close() {
        watching?.close()
        scope.cancel()
    }

    /** Routes with what was typed there, for [saved]. Before the core is open it is what was saved last time. */
    fun save(): List<String> =
        if (stack.all { it.route == Route.Opening }) saved else stack.flatMap { listOf(Route.encode(it.route), it.save()) }

    fun back() {
        front?.back()
    }

    internal fun carry(effect: Effect<*>) {
        when (effect) {
            is Effect.Go -> push(effect.route)
            is Effect.Replace -> {
                pop()
                push(effect.route)
            }
            is Effect.Reset -> reset(listOfNotNull(Route.Home, effect.route))
            is Effect.Root -> reset(listOf(effect.route))
            Effect.Back -> if (stack.size > 1) {
                pop()
                show()
            } else {
                stage?.leave()
            }
            Effect.Reopen -> reopen()
            is Effect.Tell -> tools.devices.signals.tell(effect.signal)
            is Effect.Set -> change(effect.change(settings))
            is Effect.Camera -> tools.devices.scanner?.camera?.wish(effect.wish)
            is Effect.Ask, is Effect.Wait, is Effect.Watch, Effect.StopWaiting -> error("carried by its screen")
        }
    }

    internal fun drawn() {
        acknowledge(board.seenAs(front?.tellsOf()))
        tellCustomer(front?.customerSees())
    }

    fun open(news: News) {
        val route = news.route
        dismiss(news)
        if (front?.route != route) push(route)
    }

    fun dismiss(news: News) = acknowledge(board.without(news))

    private fun open() {
        push(Route.Opening)
        launch({ broken(it) }) {
            tools.gateway.setLanguage(settings.language)
            when (val state = tools.gateway.open()) {
                CoreState.NeedsSetUp -> reset(listOf(Route.SetUp))
                is CoreState.Broken -> {
                    broken = state
                    reset(listOf(Route.Broken))
                }
                is CoreState.Ready -> ready(state)
            }
        }
    }

    private fun reopen() {
        listening?.cancel()
        stack.forEach { it.leave() }
        stack.clear()
        launch({ broken(it) }) {
            tools.gateway.close()
            open()
        }
    }

    private fun ready(state: CoreState.Ready) {
        val restored = restored()
        val underWay = state.terminal.underWay
        val first = when {
            state.terminal.operator == null -> listOf(Entry(Route.LogOn))
            state.terminal.restored -> listOf(Entry(Route.Restored))
            restored.isNotEmpty() -> restored
            underWay != null -> listOf(Entry(Route.Home), Entry(Route.SaleResult(underWay.id)))
            else -> listOf(Entry(Route.Home))
        }
        saved = emptyList()
        stack.clear()
        first.forEach { stack += screens.live(it.route, this, it.typed) }
        listen()
        show()
        follow()
    }

    private class Entry(val route: Route, val typed: String = "")

    private fun restored(): List<Entry> = saved.chunked(2)
        .mapNotNull { pair -> Route.decode(pair[0])?.let { Entry(it, pair.getOrElse(1) { "" }) } }
        .takeIf { it.firstOrNull()?.route == Route.Home }
        .orEmpty()

    private fun broken(failure: Failure) {
        broken = CoreState.Broken(failure, owed = true)
        reset(listOf(Route.Broken))
    }

    private fun listen() {
        listening?.cancel()
        if (watching == null) watching = tools.devices.watchNetwork { network -> scope.launch { tell(network) } }
        listening = launch({}) { tools.gateway.events.collect { event -> scope.launch { hear(event) } } }
        tools.devices.background?.let { background ->
            background.opened()
            launch({}) { if (!background.isSound()) goTo(called ?: Route.SelfCheck) }
        }
    }

    private fun tell(network: Network) = launch({}) { tools.gateway.networkChanged(network) }

    private fun hear(event: CoreEvent) {
        // A stored one was answered by the start that tells it.
        if (event.change == Change.RestartNeeded && event.sequence == 0L) return reopen()
        acknowledge(board.with(event))
        front?.hear(event.change)
    }

    private fun acknowledge(next: NewsBoard.Next) {
        board = next.board
        showNews()
        next.seen?.let { seen -> launch({}) { tools.gateway.acknowledge(seen) } }
    }

    private fun change(next: Settings) {
        if (next == settings) return
        kept = next
        launch({}) { start.settings.save(next) }
        stage?.apply(next)
        show()
        launch({}) {
            tools.gateway.setLanguage(next.language)
            show()
        }
    }

    private fun reset(routes: List<Route>) {
        stack.forEach { it.leave() }
        stack.clear()
        routes.forEach { stack += screens.live(it, this, "") }
        if (routes.first() == Route.Home && listening == null) listen()
        show()
        follow()
    }

    private fun push(route: Route) {
        stack += screens.live(route, this, "")
        show()
    }

    private fun pop() {
        stack.removeAt(stack.lastIndex).leave()
    }

    private fun show() {
        val live = front ?: return
        stage?.show(live)
        live.appear()
        showNews()
    }

    /** No banner for what the screen in front is about. */
    private fun showNews() {
        val subject = front?.tellsOf()?.subject
        stage?.news(board.shown.filter { it.subject != subject })
    }

    private fun launch(failed: (Failure) -> Unit, work: suspend () -> Unit) =
        scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                work()
            } catch (e: GatewayException) {
                failed(e.failure)
            }
        }
}
