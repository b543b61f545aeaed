package com.voidproof.app.screens

import android.os.Build
import android.widget.EditText
import com.voidproof.app.Counter
import com.voidproof.app.FakeReader
import com.voidproof.app.R
import com.voidproof.app.TestApp
import com.voidproof.app.core.Route
import com.voidproof.app.day
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.queued
import com.voidproof.app.scene
import com.voidproof.app.visit
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import com.voidproof.gateway.fake.FakeGateway.Answer
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** How the screens behave under fingers, rotations and dying processes. */
@RunWith(RobolectricTestRunner::class)
class ScreenTest {
    private val fake: FakeGateway get() = (RuntimeEnvironment.getApplication() as TestApp).fake

    @Test
    fun `that no certified kernel reads is told where money is held`() = tellsUncertified("hold")

    @Test
    fun `that no certified kernel reads is told where a void asks for the card`() = tellsUncertified("void-needs-card")

    @Test
    fun `that no certified kernel reads is told where a refund by slip asks for the card`() = tellsUncertified("by-reference-card")

    private fun tellsUncertified(screen: String) {
        (RuntimeEnvironment.getApplication() as TestApp).hardware.cardReader = FakeReader(certified = false)
        visit(scene(screen)).use { it.sees("不是经认证的内核") }
    }

    @Test
    fun `the app speaks Chinese until told otherwise, and keeps what it is told`() {
        RuntimeEnvironment.setQualifiers("fr")
        Counter().use { counter ->
            counter.sees("收款金额")
            counter.tap(R.id.home_more)
            counter.tap(R.id.menu_language)
            counter.tap(R.id.speak_en)
            counter.sees("Language")
            assertEquals(Language.EN, fake.shop.language)
            counter.tap(R.id.look_dark)
            counter.sees("Language")
            counter.back()
            counter.back()
            counter.sees("Amount to charge")
        }
        Counter().use { it.sees("Amount to charge") }
    }

    @Test
    @Config(sdk = [24, 34])
    fun `a rotation keeps the screen, what was typed and the search`() {
        fake.day()
        Counter().use { counter ->
            counter.digits("12.5")
            counter.controller.recreate()
            counter.idle()
            assertEquals("¥ 12.5", counter.text(R.id.amount))
            counter.tap(R.id.home_void)
            counter.type(R.id.search, "0217")
            RuntimeEnvironment.setQualifiers("+land")
            counter.controller.recreate()
            counter.idle()
            assertEquals("0217", (counter.find(R.id.search) as EditText).text.toString())
            counter.seesNot("1188")
        }
    }

    @Test
    fun `a killed process comes back to the screen, the amount and the search`() {
        fake.day()
        var counter = Counter()
        counter.digits("12.5")
        counter = counter.die()
        assertEquals("¥ 12.5", counter.text(R.id.amount))
        counter.tap(R.id.home_void)
        counter.type(R.id.search, "0217")
        counter = counter.die()
        counter.sees("撤销哪一笔")
        counter.seesNot("1188")
        counter.close()
    }

    @Test
    fun `a payment under way survives the death of the app without a saved state`() {
        fake.answers += Answer.LATER
        Counter().use { it.charge("128") }
        Counter().use { counter ->
            counter.sees("正在收款")
            fake.answerSale(fake.shop.sales.keys.last(), SaleStatus.APPROVED)
            counter.idle()
            counter.sees("收款成功")
            assertEquals(listOf("sell"), fake.commands.filter { it == "sell" })
        }
    }

    @Test
    fun `back does not abandon a payment under way`() {
        fake.answers += Answer.LATER
        Counter().use { counter ->
            counter.charge("128")
            counter.back()
            counter.sees("付款正在进行")
            counter.sees("正在收款")
        }
    }

    @Test
    fun `back from the question gives no money away`() {
        fake.day()
        Counter().use { counter ->
            counter.tap(R.id.home_void)
            counter.tap("0217")
            counter.tap(R.id.main_action)
            counter.sees("请主管授权")
            counter.back()
            counter.sees("确认撤销")
            counter.back()
            counter.sees("撤销哪一笔")
            assertFalse("voidSale" in fake.commands)
        }
    }

    @Test
    fun `leaving the payment switches the reader off`() {
        Counter().use { counter ->
            counter.digits("5")
            counter.tap(R.id.charge)
            assertTrue(counter.devices.cardReader!!.isWaiting)
            counter.back()
            assertFalse(counter.devices.cardReader!!.isWaiting)
            counter.sees("收款金额")
        }
    }

    @Test
    fun `a card that was not read is asked for again`() {
        Counter().use { counter ->
            counter.digits("5")
            counter.tap(R.id.charge)
            counter.devices.cardReader!!.present(CardResult.Failed(CardTrouble.REMOVED_EARLY))
            counter.idle()
            counter.sees("卡拿开得太早")
            counter.tap(R.id.main_action)
            assertTrue(counter.devices.cardReader!!.isWaiting)
        }
    }

    @Test
    fun `a card number typed by hand is not kept by a dying process`() {
        Counter().use { counter ->
            counter.digits("5")
            counter.tap(R.id.charge)
            counter.tap(R.id.way_manual)
            counter.type(R.id.card_number, "6222020000000114")
            val bundle = android.os.Bundle()
            counter.controller.saveInstanceState(bundle)
            assertFalse("6222" in bundle.toString() + bundle.deep())
        }
    }

    private fun android.os.Bundle.deep(): String = keySet().joinToString { key ->
        @Suppress("DEPRECATION")
        when (val value = get(key)) {
            is android.os.Bundle -> value.deep()
            else -> value.toString()
        }
    }

    @Test
    fun `unknown is never shown as failed nor as done`() {
        visit(scene("void-unknown")).use { counter ->
            counter.sees("不是失败，也不是成功")
            counter.seesNot("撤销成功")
            counter.seesNot("没有成功")
        }
    }

    @Test
    fun `success is told only after the core said so, whatever an event says`() {
        visit(scene("void-sending")).use { counter ->
            counter.seesNot("撤销成功")
            val undo = fake.shop.undos.keys.last()
            fake.shop.move(undo, UndoStatus.UNKNOWN, null)
            fake.tell(com.voidproof.gateway.Change.UndoChanged(undo, "s", com.voidproof.gateway.UndoKind.VOID, UndoStatus.VOIDED, 1))
            counter.idle()
            counter.sees("结果还不知道")
            counter.seesNot("撤销成功")
        }
    }

    @Test
    fun `a result seen on its screen needs no banner and is acknowledged`() {
        visit(scene("void-sending")).use { counter ->
            fake.move(fake.shop.undos.keys.last(), UndoStatus.VOIDED)
            counter.idle()
            counter.sees("撤销成功")
            assertNull(counter.find(R.id.news))
            assertTrue(fake.acknowledged > 0)
        }
    }

    @Test
    fun `a result elsewhere waits at the top until it is seen, also over a restart`() {
        val counter = visit(scene("news"))
        assertNotNull(counter.find(R.id.news))
        val before = fake.acknowledged
        val again = counter.die()
        assertNotNull(again.find(R.id.news))
        again.tap(R.id.news_close)
        assertNull(again.find(R.id.news))
        assertTrue(fake.acknowledged > before)
        again.close()
    }

    @Test
    fun `a ledger that cannot be used says what to do and never offers to clear it`() {
        for (failure in listOf(
            Failure.DiskFull, Failure.ReadOnly, Failure.LedgerCorrupt("page 7"), Failure.LedgerNewer,
            Failure.EditionRefused("app.edition", ""), Failure.HomeInUse, Failure.KeysLost("tmk"),
            Failure.Internal("x"),
        )) {
            fake.state = CoreState.Broken(failure, owed = true)
            Counter().use { counter ->
                counter.sees("现在不能收款")
                counter.sees("现在怎么做")
                counter.sees("请不要清除数据")
                val again = if (failure is Failure.KeysLost) R.id.try_again else R.id.main_action
                assertEquals(if (failure is Failure.KeysLost) 2 else 1, counter.views().count { it.isClickable })
                fake.state = null
                counter.tap(again)
                counter.sees("收款金额")
            }
        }
    }

    @Test
    fun `the core asking for a restart gets one`() {
        Counter().use { counter ->
            fake.commands.clear()
            fake.tell(com.voidproof.gateway.Change.RestartNeeded, persisted = false)
            counter.idle()
            assertEquals(listOf("close", "open"), fake.commands)
            counter.sees("收款金额")
        }
    }

    @Test
    fun `the first start asks for profile and supervisor, nothing else`() {
        fake.state = CoreState.NeedsSetUp
        Counter().use { counter ->
            counter.sees("这是哪家店的终端")
            counter.type(R.id.profile, "schema = 1")
            counter.tap(R.id.main_action)
            counter.sees("设置第一位主管")
            counter.type(R.id.supervisor_pin, "280519")
            counter.type(R.id.supervisor_pin_again, "280519")
            counter.tap(R.id.main_action)
            counter.sees("收款金额")
        }
    }

    @Test
    fun `nobody at the counter is asked who they are, and sees what is owed`() {
        fake.queued()
        fake.shop.here = null
        Counter().use { counter ->
            counter.sees("上班登录")
            counter.sees("待处理 2")
            counter.tap("01 · 小李")
            counter.digits("135790")
            counter.tap(R.id.main_action)
            counter.sees("收款金额")
        }
    }

    @Test
    @Config(sdk = [24])
    fun `the oldest Android shows a slip`() {
        assertEquals(24, Build.VERSION.SDK_INT)
        visit(scene("void-queued")).use { counter ->
            counter.tap(R.id.see_slip)
            counter.sees("已登记 · 未完成")
            assertNotNull(counter.find(R.id.paper))
        }
    }

    @Test
    fun `what the core cannot do is not offered`() {
        fake.abilities = emptySet()
        fake.day()
        Counter().use { counter ->
            assertNull(counter.find(R.id.home_refund))
            counter.tap(R.id.home_more)
            assertNull(counter.find(R.id.menu_settlement))
            counter.back()
            counter.tap(R.id.home_void)
            counter.tap("1188")
            counter.sees("经过")
            assertNull(counter.find(R.id.take_back))
        }
        visit(scene("void-refund-offered")).use { counter ->
            counter.sees("可以改用退货")
            counter.seesNot("改用退货 ¥")
        }
    }

    @Test
    fun `time left ticks on the core's clock`() {
        visit(scene("void-queued")).use { counter ->
            counter.sees("还剩 8:18:22")
            counter.devices.boot += 3_600_000
            org.robolectric.shadows.ShadowLooper.idleMainLooper(1, java.util.concurrent.TimeUnit.SECONDS)
            counter.sees("还剩 7:18:22")
            counter.devices.boot += 30_000_000
            org.robolectric.shadows.ShadowLooper.idleMainLooper(1, java.util.concurrent.TimeUnit.SECONDS)
            counter.sees("时间已到")
        }
    }

    @Test
    fun `routes of all screens can be shown after a death`() {
        fake.queued()
        val sale = fake.shop.sales.keys.last()
        val undo = fake.shop.undos.keys.last()
        val routes = listOf(
            Route.SaleResult(sale), Route.Pick(true), Route.ConfirmRefund(sale, "r"), Route.Progress(undo), Route.Queue, Route.Owed(undo),
            Route.Records, Route.Record(sale), Route.Explain("12", null), Route.More, Route.Language, Route.About, Route.SelfCheck,
            Route.Settlement, Route.Operators,
        )
        routes.forEach { route ->
            val saved = android.os.Bundle().apply {
                putStringArrayList("screens", arrayListOf(Route.encode(Route.Home), "", Route.encode(route), ""))
            }
            Counter(saved).use { counter ->
                assertTrue(route.toString(), counter.texts().size > 1)
                counter.back()
            }
        }
    }

    @Test
    fun `a broken ledger is shown whatever was on the screen before`() {
        fake.state = CoreState.Broken(Failure.DiskFull, owed = true)
        val saved = android.os.Bundle().apply { putStringArrayList("screens", arrayListOf("Home", "5", "Queue", "")) }
        Counter(saved).use { counter ->
            counter.sees("现在不能收款")
            assertNull(counter.find(R.id.amount))
        }
    }
}
