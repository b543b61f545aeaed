package com.voidproof.app.screens

import com.voidproof.app.Counter
import com.voidproof.app.TestApp
import com.voidproof.app.device.Devices
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Terminal
import kotlinx.coroutines.CompletableDeferred
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** The core answers on many threads, so a question may be overtaken by a later one. */
@RunWith(RobolectricTestRunner::class)
@Config(application = LateAnswerTest.SlowApp::class)
class LateAnswerTest {
    class SlowApp : TestApp() {
        var slow = false
        val held = ArrayList<CompletableDeferred<Unit>>()

        override fun gateway(devices: Devices): Gateway = object : Gateway by fake {
            override suspend fun terminal(): Terminal {
                val answer = fake.terminal()
                if (slow) CompletableDeferred<Unit>().also(held::add).await()
                return answer
            }
        }
    }

    @Test
    fun `an answer that was overtaken is not the last that is shown`() {
        val app = RuntimeEnvironment.getApplication() as SlowApp
        Counter().use { counter ->
            counter.sees("在线")
            app.slow = true
            app.fake.plug(false)
            counter.idle()
            app.slow = false
            app.fake.plug(true)
            counter.idle()
            counter.sees("在线")
            app.held.single().complete(Unit)
            counter.idle()
            counter.sees("在线")
        }
    }
}
