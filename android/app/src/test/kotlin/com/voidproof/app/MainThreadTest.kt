package com.voidproof.app

import android.os.Looper
import com.voidproof.app.device.Devices
import com.voidproof.app.device.platform.AndroidOutbox
import com.voidproof.app.device.platform.AndroidProfiles
import com.voidproof.app.device.platform.AndroidSettings
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.fake.FakeGateway
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.lang.reflect.Proxy
import java.security.Permission
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Whole journeys on real files and a gateway that answers from another thread: the main thread touches no file and no socket. */
@RunWith(RobolectricTestRunner::class)
@Config(application = MainThreadTest.App::class)
class MainThreadTest {
    private val guard = Guard(Looper.getMainLooper().thread)

    @Before
    @Suppress("DEPRECATION") // Nothing else sees every file and socket of a JVM.
    fun watch() = System.setSecurityManager(guard)

    @After
    @Suppress("DEPRECATION")
    fun unwatch() = System.setSecurityManager(null)

    @Test
    fun `a first start from a file, a sale, an offline void, a restart and a delivery`() {
        val app = RuntimeEnvironment.getApplication() as App
        app.fake.state = CoreState.NeedsSetUp
        app.elsewhere { File(app.getExternalFilesDir("import"), "shop.toml").writeText("schema = 1") }
        var counter = Counter()
        counter.tap("shop.toml")
        counter.type(R.id.supervisor_pin, "280519")
        counter.type(R.id.supervisor_pin_again, "280519")
        counter.tap(R.id.main_action)
        counter.sees("收款金额")

        counter.charge("128")
        counter.sees("收款成功")
        counter.tap(R.id.finish)
        counter.gateway.shop.limit = 1_000_000
        counter.gateway.plug(false)
        counter.tap(R.id.home_void)
        counter.tap("尾号 0217")
        counter.tap(R.id.main_action)
        counter.sees("已受理")

        counter = counter.die()
        counter.sees("已受理")
        counter.gateway.plug(true)
        counter.idle()
        counter.sees("撤销成功")
        counter.tap(R.id.finish)
        counter.tap(R.id.home_records)
        counter.tap("尾号 0217")
        counter.tap(R.id.evidence)
        counter.tap(R.id.main_action)
        counter.sees("已保存")
        counter.back()
        counter.back()
        counter.back()
        counter.tap(R.id.home_more)
        counter.tap(R.id.menu_language)
        counter.tap(R.id.speak_en)
        counter.sees("Language and look")
        counter.close()

        assertEquals(emptyList<String>(), guard.seen)
        assertTrue("the files were really written", app.elsewhere { File(app.getExternalFilesDir("evidence"), "").list()!!.size } == 2)
    }

    /** The watch itself: the same read is seen on the main thread, and not on another. */
    @Test
    fun `a file read on the main thread is seen`() {
        val app = RuntimeEnvironment.getApplication() as App
        app.elsewhere { runBlocking { AndroidSettings(app, Dispatchers.Unconfined).load() } }
        assertEquals(emptyList<String>(), guard.seen)
        runBlocking { AndroidOutbox(app, Dispatchers.Unconfined).keep(emptyList()) }
        runBlocking { AndroidProfiles(app, Dispatchers.Unconfined).list() }
        assertTrue("${guard.seen}", guard.seen.any { "AndroidProfiles" in it })
    }

    /** The core of this app answers from a thread of its own, as the real one does, and so do its files. */
    class App : TestApp() {
        private val worker = Executors.newSingleThreadExecutor { work -> Thread(work, "worker").apply { isDaemon = true } }
        override val files = worker.asCoroutineDispatcher()

        override fun gateway(devices: Devices): Gateway = hopping(fake)

        override fun devices(): Devices = object : Devices by hardware {
            override val profiles = AndroidProfiles(this@App, files)
            override val outbox = AndroidOutbox(this@App, files)
        }

        override fun idle() = repeat(ROUNDS) {
            worker.submit {}.get()
            super.idle()
        }

        fun <T> elsewhere(work: () -> T): T = worker.submit(work).get()

        private fun hopping(fake: FakeGateway): Gateway =
            Proxy.newProxyInstance(Gateway::class.java.classLoader, arrayOf(Gateway::class.java)) { _, method, arguments ->
                val last = arguments?.lastOrNull()
                if (last is Continuation<*>) hop(fake, method, arguments, last) else method.invoke(fake, *arguments.orEmpty())
            } as Gateway

        @Suppress("UNCHECKED_CAST")
        private fun hop(fake: FakeGateway, method: Method, arguments: Array<Any?>, caller: Continuation<*>): Any {
            val answer = (caller as Continuation<Any?>).intercepted()
            worker.execute {
                val result = runCatching { method.invoke(fake, *arguments.copyOf(arguments.size - 1), Nobody) }
                answer.resumeWith(result.recoverCatching { throw if (it is InvocationTargetException) it.targetException else it })
            }
            return COROUTINE_SUSPENDED
        }
    }

    /** The fake never waits, so nobody is ever resumed. */
    private object Nobody : Continuation<Any?> {
        override val context: CoroutineContext = EmptyCoroutineContext

        override fun resumeWith(result: Result<Any?>) = error("the fake does not wait")
    }

    /** Notes what the app does on [main] with files and sockets. What loads classes or draws is not the app's doing. */
    @Suppress("DEPRECATION")
    private class Guard(private val main: Thread) : SecurityManager() {
        val seen = CopyOnWriteArrayList<String>()
        private var looking = false

        override fun checkPermission(permission: Permission) = Unit

        override fun checkRead(file: String) = look("reads", file)

        override fun checkWrite(file: String) = look("writes", file)

        override fun checkDelete(file: String) = look("deletes", file)

        override fun checkConnect(host: String, port: Int) = look("connects to", host)

        private fun look(what: String, whom: String) {
            if (Thread.currentThread() !== main || looking) return
            looking = true
            try {
                val frames = Throwable().stackTrace.drop(2)
                if (frames.any { it.className == "java.lang.ClassLoader" || "robolectric.internal" in it.className && "load" in it.methodName }) return
                val doer = frames.firstOrNull { frame -> OWN.none { frame.className.startsWith(it) } } ?: return
                if (COUNTED.any { doer.className.startsWith(it) } && !doer.className.startsWith(TEST)) seen += "$doer $what $whom"
            } finally {
                looking = false
            }
        }

        private companion object {
            val OWN = listOf("java.", "jdk.", "sun.", "kotlin.", "kotlinx.")
            val COUNTED = listOf("com.voidproof.", "android.app.SharedPreferencesImpl", "android.app.ContextImpl", "android.content.ContentResolver")
            const val TEST = "com.voidproof.app.MainThreadTest"
        }
    }

    private companion object {
        /** One round is one step of a chain: main thread, worker, main thread. */
        const val ROUNDS = 12
    }
}
