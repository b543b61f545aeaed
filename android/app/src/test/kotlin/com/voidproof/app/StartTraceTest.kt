package com.voidproof.app

import com.voidproof.app.core.StartPart
import com.voidproof.app.core.StartTrace
import com.voidproof.app.core.TraceSink
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.fake.FakeGateway
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowTrace

/** The parts of a start reach the system's trace, each once, and each is ended. */
@RunWith(RobolectricTestRunner::class)
class StartTraceTest {
    private val told = ArrayList<String>()
    private val trace = StartTrace(object : TraceSink {
        override fun begin(name: String) {
            told += "+$name"
        }

        override fun end(name: String) {
            told += "-$name"
        }
    })

    @Test
    fun `a whole start begins and ends every part`() = Counter().use {
        assertEquals(StartPart.values().map { it.label }.toSet(), ShadowTrace.getPreviousAsyncSections().map { it.sectionName }.toSet())
        assertTrue(ShadowTrace.getCurrentAsyncSections().isEmpty())
    }

    @Test
    @Config(sdk = [28])
    fun `Android without such sections starts the same`() = Counter().use { assertTrue(it.texts().isNotEmpty()) }

    @Test
    fun `a part is told once, and nothing ends that did not begin`() {
        trace.end(StartPart.FIRST_FRAME)
        repeat(2) { trace.begin(StartPart.FIRST_FRAME) }
        repeat(2) { trace.end(StartPart.FIRST_FRAME) }
        assertEquals(listOf("+start: first frame", "-start: first frame"), told)
    }

    @Test
    fun `a core that cannot be loaded ends its part too`() {
        val fake = FakeGateway.ready()
        val core = trace.watch(object : Gateway by fake {
            override suspend fun setLanguage(language: Language): Nothing = throw GatewayException(Failure.CoreMissing("no library"))
        })
        assertTrue(runCatching { runBlocking { core.setLanguage(Language.EN) } }.exceptionOrNull() is GatewayException)
        assertEquals(listOf("+start: core load", "-start: core load"), told)
    }
}
