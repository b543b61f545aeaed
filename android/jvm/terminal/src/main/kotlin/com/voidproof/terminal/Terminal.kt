package com.voidproof.terminal

import android.os.Looper
import android.os.SystemClock
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowChoreographer
import org.robolectric.shadows.ShadowPausedLooper
import org.robolectric.shadows.ShadowSystemClock
import org.robolectric.shadows.ShadowView
import java.time.Duration

/**
 * The main thread of the simulated device. A JUnit class, since Robolectric's runner is the supported way into its sandbox; its one
 * method returns only by a fault.
 */
@RunWith(RobolectricTestRunner::class)
class Terminal {
    @Test
    fun run() {
        ShadowView.setUseRealViewAnimations(true)
        ShadowChoreographer.setPaused(true)
        ShadowChoreographer.setFrameDelay(FRAME)
        val app = RuntimeEnvironment.getApplication() as TerminalApplication
        app.startUp.ended("device")
        val window = AppWindow(app)
        val server = Server(Hands(app.resources.displayMetrics), app, System.getProperty("terminal.token"))
        answer("{\"port\":${server.start(Integer.getInteger("terminal.port", 0))}}")
        while (true) {
            turn(window)
            app.startUp.turned(window.isLaidOut)
        }
    }

    /** Sleeps until something is due, at most a frame; lets as much time pass on the device as passed here; does what is due. */
    private fun turn(window: AppWindow) {
        val looper = Shadow.extract<ShadowPausedLooper>(Looper.getMainLooper())
        val before = System.nanoTime()
        looper.poll(untilDue(looper))
        ShadowSystemClock.advanceBy(Duration.ofNanos(System.nanoTime() - before))
        looper.idle()
        window.settle()
    }

    private fun untilDue(looper: ShadowPausedLooper): Long {
        val due = looper.nextScheduledTaskTime.toMillis()
        val wait = if (due == 0L) FRAME.toMillis() else due - SystemClock.uptimeMillis()
        return wait.coerceIn(1, FRAME.toMillis())
    }

    /** [Main] lives outside the sandbox; the sandbox has a copy of its own that never saw the real standard output. */
    private fun answer(line: String) {
        val main = ClassLoader.getSystemClassLoader().loadClass(MAIN)
        val out = main.getMethod("getAnswers").invoke(main.getField("INSTANCE").get(null)) as java.io.PrintStream
        out.println(line)
        out.flush()
    }

    private companion object {
        val FRAME: Duration = Duration.ofMillis(16)
        const val MAIN = "com.voidproof.terminal.Main"
    }
}
