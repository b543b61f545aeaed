package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.RandomAccessFile

/** First start, people, and homes that cannot be opened. No host is needed. */
class StartTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val desk by lazy { Desk(folder.root) }

    /** Nobody listens there. */
    private val nowhere = "127.0.0.1:1"

    @Test
    fun `a new home has to be set up and remembers`() = runBlocking {
        val gateway = desk.gateway()
        assertEquals(CoreState.NeedsSetUp, gateway.open())
        assertEquals("示例便利店", gateway.checkProfile(profile(nowhere)).merchantName)
        assertFalse(desk.home.exists())
        val state = gateway.setUp(profile(nowhere), supervisor()) as CoreState.Ready
        assertEquals(SUPERVISOR, state.terminal.operator?.number)
        assertTrue(state.terminal.training)
        assertNull(state.terminal.batch)
        gateway.close()

        val again = desk.gateway()
        val found = again.open() as CoreState.Ready
        assertNull(found.terminal.operator)
        assertEquals("10000001", found.terminal.terminalId)
        again.close()
    }

    @Test
    fun `a profile from a file asks for the files that it names and says where it is no text`() = runBlocking {
        val gateway = desk.gateway()
        val text = profile("127.0.0.1:1") + "\ntls_ca = \"keys/ca.pem\""
        val asked = failure { gateway.checkProfile(ProfileFile(text.encodeToByteArray())) } as Failure.ProfileInvalid
        assertEquals(Triple(11, "unionpay.tls_ca", "keys/ca.pem"), Triple(asked.line, asked.key, asked.missing))
        val given = ProfileFile(text.encodeToByteArray()).with("keys/ca.pem", "no certificate".encodeToByteArray())
        val wrong = failure { gateway.setUp(given, supervisor()) } as Failure.ProfileInvalid
        assertEquals("unionpay.tls_ca" to null, wrong.key to wrong.missing)
        val latin = ProfileFile("schema = 1\n[merchant]\nname = \"caf\u00e9\"".toByteArray(Charsets.ISO_8859_1))
        assertEquals(3, (failure { gateway.checkProfile(latin) } as Failure.ProfileInvalid).line)
        assertEquals(CoreState.NeedsSetUp, gateway.open())
    }

    @Test
    fun `a wrong profile says line and key`() = runBlocking {
        val gateway = desk.gateway()
        val wrong = profile(nowhere).replace("id = \"10000001\"", "id = \"10000001\"\ncolour = \"red\"")
        val told = failure { gateway.checkProfile(wrong) } as Failure.ProfileInvalid
        assertEquals(7 to "terminal.colour", told.line to told.key)
        assertEquals(told, failure { gateway.setUp(wrong, supervisor()) })
        assertEquals(CoreState.NeedsSetUp, gateway.open())
    }

    @Test
    fun `a trivial PIN makes no supervisor`() = runBlocking {
        val gateway = desk.gateway()
        val easy = NewOperator(SUPERVISOR, "王店长", Role.SUPERVISOR, Secret("123456"))
        val told = failure { gateway.setUp(profile(nowhere), easy) } as Failure.Refused
        assertEquals("local.PIN_UNFIT", told.explanation.code)
        assertEquals(CoreState.NeedsSetUp, gateway.open())
    }

    @Test
    fun `a wrong PIN is counted down and nobody is logged on`() = runBlocking {
        desk.setUp(nowhere).close()
        val gateway = desk.gateway()
        gateway.open()
        for (left in listOf(4, 3)) {
            assertEquals(Failure.WrongPin(SUPERVISOR, left), failure { gateway.logOn(SUPERVISOR, Secret("1111")) })
        }
        assertNull(gateway.terminal().operator)
        val told = failure { gateway.sell(sale("r1")) } as Failure.Refused
        assertEquals("local.OPERATOR_UNKNOWN", told.explanation.code)
        assertEquals(Role.SUPERVISOR, gateway.logOn(SUPERVISOR, Secret(PIN)).role)
        gateway.close()
    }

    @Test
    fun `a cashier is added by a supervisor, works, and is disabled`() = runBlocking {
        val gateway = desk.setUp(nowhere)
        val consent = Approval(SUPERVISOR, Secret(PIN))
        val cashier = NewOperator("01", "小李", Role.CASHIER, Secret("8264"))
        assertEquals(Operator("01", "小李", Role.CASHIER, true), gateway.addOperator(cashier, consent))
        assertEquals("01", gateway.logOn("01", Secret("8264")).number)
        gateway.disableOperator("01", consent)
        val told = failure { gateway.logOn("01", Secret("8264")) } as Failure.Refused
        assertEquals("local.OPERATOR_DISABLED", told.explanation.code)
        assertEquals(listOf(true, false), gateway.operators().map { it.enabled })
        gateway.close()
    }

    @Test
    fun `the language is that of explanations`() = runBlocking {
        val gateway = desk.setUp(nowhere)
        val chinese = gateway.explain("51", Rail.UNIONPAY)
        gateway.setLanguage(Language.EN)
        val english = gateway.explain("51", Rail.UNIONPAY)
        fun wordless(it: Explanation) = it.copy(title = "", nextStep = "", whoFixes = "")
        assertEquals(wordless(chinese), wordless(english))
        assertTrue(english.title, english.title.all { it.code < 0x2000 })
        assertTrue(chinese.title, chinese.title.any { it.code > 0x4E00 })
        assertEquals(8, gateway.selfCheck().size)
        gateway.close()
    }

    @Test
    fun `a ledger of a newer version is left alone`() = runBlocking {
        desk.setUp(nowhere).close()
        patch(60, byteArrayOf(0, 0, 0, 99))
        assertEquals(CoreState.Broken(Failure.LedgerNewer, owed = true), desk.gateway().open())
    }

    @Test
    fun `a damaged ledger is said to be damaged`() = runBlocking {
        desk.setUp(nowhere).close()
        patch(0, ByteArray(100) { 'x'.code.toByte() })
        val state = desk.gateway().open() as CoreState.Broken
        assertTrue("${state.failure}", state.failure is Failure.LedgerCorrupt && state.owed)
    }

    @Test
    fun `a lost key is said to be lost`() = runBlocking {
        desk.setUp(nowhere).close()
        desk.keys.lost = true
        val state = desk.gateway().open() as CoreState.Broken
        assertTrue("${state.failure}", state.failure is Failure.KeysLost && state.owed)
    }

    @Test
    fun `one home has one gateway`() = runBlocking {
        val first = desk.setUp(nowhere)
        assertEquals(CoreState.Broken(Failure.HomeInUse, owed = true), desk.gateway().open())
        first.close()
        val second = desk.gateway()
        assertTrue(second.open() is CoreState.Ready)
        second.close()
    }

    private fun patch(at: Long, bytes: ByteArray) = RandomAccessFile(desk.home.resolve("ledger.db"), "rw").use {
        it.seek(at)
        it.write(bytes)
    }
}
