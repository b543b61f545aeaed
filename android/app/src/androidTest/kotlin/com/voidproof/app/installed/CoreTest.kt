package com.voidproof.app.installed

import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.KeyStore
import com.voidproof.gateway.Secret
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.Test

/** The core's library loads and keeps a ledger on this machine; no host is asked. */
class CoreTest {
    private val terminal = Terminal("core", PlainKeys).fresh()

    @After
    fun clean() {
        terminal.fresh()
    }

    @Test
    fun aNewTerminalIsSetUpAndOpensAgain() = runBlocking {
        val first = terminal.gateway()
        assertEquals(CoreState.NeedsSetUp, first.open())
        first.close()
        terminal.setUp(NOBODY).close()
        val again = terminal.reopened()
        assertEquals("示例便利店", again.terminal().merchantName)
        again.close()
    }

    @Test
    fun aWrongProfileIsToldByLineAndKey() = runBlocking {
        val gateway = terminal.gateway()
        try {
            gateway.checkProfile("schema = 1\n[merchant]\nid = 5")
            fail("it was taken")
        } catch (e: GatewayException) {
            assertTrue("${e.failure}", e.failure is Failure.ProfileInvalid)
        }
        gateway.close()
    }

    @Test
    fun aWrongPinIsRefused() = runBlocking {
        val gateway = terminal.setUp(NOBODY)
        try {
            gateway.logOn(SUPERVISOR, Secret("000001"))
            fail("it was taken")
        } catch (e: GatewayException) {
            assertTrue("${e.failure}", e.failure is Failure.WrongPin)
        }
        gateway.close()
    }

    private companion object {
        /** Where nothing listens. */
        const val NOBODY = "127.0.0.1:1"
    }
}

/** Keeps nothing secret; for a ledger without money. */
object PlainKeys : KeyStore {
    override fun wrap(key: ByteArray) = key.reversedArray()

    override fun unwrap(wrapped: ByteArray) = wrapped.reversedArray()
}
