package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** A customer of the simulated wallet, by what the last two digits of the code make them do. */
private const val PAYS_AT_ONCE = "130000000000000000"
private const val NEVER_ENTERS_THE_PASSWORD = "130000000000000002"

/** Payments by code, on the real core and a simulated wallet. */
class WalletTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    private suspend fun opened() = desk.gateway().also { it.setUp(profile(host.address) + weChat(), supervisor()) }

    private fun weChat() = """

        [wechat]
        base_url = "${host.weChat}"
        app_id = "wx8888888888888888"
        mch_id = "1900000109"
        api_key = "192006250b4c09247ec02edce69f6a2d"
    """.trimIndent()

    private fun sale(request: String, code: String) = SaleRequest(RequestId(request), 880, Means.Code(Secret(code)))

    @Test
    fun `a code is recognised, charged and voided`() = runBlocking {
        val gateway = opened()
        assertEquals(CodeKind.Pays(Rail.WECHAT), gateway.recognise(Secret(PAYS_AT_ONCE)))
        val other = gateway.recognise(Secret("https://example.com")) as CodeKind.Other
        assertEquals("local.CODE_UNFIT", other.explanation.code)
        assertEquals("local.CODE_UNFIT", refused { gateway.sell(sale("r0", "https://example.com")) })

        val made = gateway.sell(sale("r1", PAYS_AT_ONCE))
        assertEquals(made.id, gateway.sell(sale("r1", PAYS_AT_ONCE)).id)
        val paid = gateway.saleOnce(made.id, SaleStatus.APPROVED)
        assertEquals(Rail.WECHAT to 880L, paid.rail to paid.net)
        assertNull(paid.payment)
        val preview = gateway.previewVoid(paid.id)
        assertNull(preview.blocked)
        assertTrue("${preview.deadline}", preview.deadline!!.left > 6 * 86_400_000L)
        gateway.undoOnce(gateway.voidSale(void("v1", paid.id)).id, UndoStatus.VOIDED)
        assertEquals(0L, gateway.sale(paid.id).net)
        gateway.close()
    }

    @Test
    fun `a customer who does not pay is waited for, also after a restart, and taken back`() = runBlocking {
        val gateway = opened()
        val made = gateway.sell(sale("r1", NEVER_ENTERS_THE_PASSWORD))
        val waits = gateway.saleOnce(made.id, SaleStatus.UNKNOWN)
        assertEquals(PaymentStage.CUSTOMER_PASSWORD, waits.payment?.stage)
        assertTrue("${waits.payment}", waits.payment!!.left!! in 1..45_000)
        gateway.close()

        val again = desk.reopened()
        assertEquals(made.id, again.terminal().underWay?.id)
        assertEquals(PaymentStage.TAKING_BACK, again.giveUpSale(made.id).payment?.stage)
        assertNull(again.saleOnce(made.id, SaleStatus.REVERSED).payment)
        assertNull(again.terminal().underWay)
        assertEquals("local.NOT_IN_THIS_STATE", refused { again.giveUpSale(made.id) })
        again.close()
    }

    @Test
    fun `the modules of a code are read by the camera`() = runBlocking {
        val gateway = opened()
        val text = "weixin://wxpay/bizpayurl?pr=abc123"
        val modules = gateway.modules(text)
        val (pixels, quiet) = 8 to 4
        val side = (modules.size + 2 * quiet) * pixels
        val luminance = ByteArray(side * side) { at ->
            val (x, y) = at % side / pixels - quiet to at / side / pixels - quiet
            val dark = x in 0 until modules.size && y in 0 until modules.size && modules.dark(x, y)
            if (dark) 20 else 230.toByte()
        }
        val found = gateway.readFrame(Frame(luminance, side, side, side)).single()
        assertEquals(text, found.reveal { String(it) })
        gateway.close()
    }
}
