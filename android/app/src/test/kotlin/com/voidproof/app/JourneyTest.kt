package com.voidproof.app

import com.voidproof.app.device.Signal
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Whole ways through the app, as a person goes them. */
@RunWith(RobolectricTestRunner::class)
class JourneyTest {
    @Test
    @Config(sdk = [24, 28, 34])
    fun `a sale is voided offline, survives the death of the app and arrives`() {
        var counter = Counter()
        counter.charge("128")
        counter.sees("收款成功")
        assertEquals(listOf(Signal.DONE), counter.devices.told)
        counter.tap(R.id.finish)

        counter.gateway.plug(false)
        counter.tap(R.id.home_void)
        counter.tap("尾号 0217")
        counter.tap("顾客退货")
        counter.tap(R.id.main_action)
        counter.sees("请主管授权")
        counter.digits("246810")
        counter.tap(R.id.approve)
        counter.sees("已受理")
        counter.seesNot("撤销成功")

        counter = counter.die()
        counter.sees("已受理")
        counter.seesNot("撤销成功")
        counter.back()
        counter.sees("待处理 1")
        counter.tap(R.id.owed)
        counter.sees("等网络")

        counter.gateway.plug(true)
        counter.idle()
        counter.sees("撤销 ¥128.00：撤销成功")
        counter.tap(R.id.news_open)
        counter.sees("撤销成功")
        assertEquals(UndoStatus.VOIDED, counter.gateway.shop.undos.values.single().status)
        counter.close()
    }

    @Test
    fun `money is held, taken, given back, and then holds again`() {
        val counter = Counter()
        counter.gateway.shop.limit = 1_000_000
        counter.tap(R.id.home_more)
        counter.tap(R.id.menu_preauths)
        counter.tap(R.id.main_action)
        counter.digits("500")
        counter.tap(R.id.main_action)
        counter.sees("只冻结，先不扣款")
        counter.devices.cardReader!!.present()
        counter.idle()
        counter.sees("预授权成功")
        counter.sees("还没有收到")
        counter.tap(R.id.finish)

        counter.tap(R.id.home_more)
        counter.tap(R.id.menu_preauths)
        counter.tap("尾号 0217")
        counter.tap(R.id.main_action)
        counter.tap(R.id.part)
        counter.digits("460")
        counter.tap(R.id.main_action)
        counter.sees("请再读一次原来那张卡")
        counter.devices.cardReader!!.present()
        counter.idle()
        counter.sees("完成成功")
        counter.sees("460.00")

        counter.tap(R.id.take_back)
        counter.sees("撤销后预授权恢复冻结")
        counter.tap(R.id.main_action)
        counter.sees("完成撤销 ¥460.00")
        counter.sees("撤销成功")
        counter.tap(R.id.finish)
        counter.tap(R.id.home_more)
        counter.tap(R.id.menu_preauths)
        counter.sees("500.00")
        counter.close()
    }

    @Test
    fun `a payment by code waits for the password, is taken back, and is kept by a supervisor after all`() {
        var counter = Counter()
        counter.gateway.answers += FakeGateway.Answer.LATER
        counter.digits("36.50")
        counter.tap(R.id.charge)
        counter.tap(R.id.way_code)
        counter.type(R.id.payment_code, "134567890123456789")
        counter.sees("微信付款码")
        counter.tap(R.id.main_action)
        counter.gateway.stage(counter.gateway.shop.sales.keys.last(), PaymentStage.CUSTOMER_PASSWORD)
        counter.idle()
        counter.sees("输入支付密码")
        counter.back()
        counter.sees("付款正在进行")

        counter = counter.die()
        counter.sees("输入支付密码")
        counter.tap(R.id.give_up)
        counter.sees("收回这笔付款？")
        val sale = counter.gateway.shop.sales.keys.last()
        counter.gateway.stage(sale, PaymentStage.TAKING_BACK)
        counter.idle()
        counter.sees("请留下货品")
        counter.seesNot("收款成功")
        counter.tap(R.id.handed_over)
        counter.digits("246810")
        counter.tap(R.id.approve)
        counter.sees("收款成功")
        counter.close()
    }

    @Test
    fun `a restored ledger does nothing before a supervisor has said that the old terminal is retired`() {
        val app = RuntimeEnvironment.getApplication() as TestApp
        app.fake.restored = true
        val counter = Counter()
        counter.sees("账本是恢复出来的")
        assertNull(counter.find(R.id.charge))
        counter.tap(R.id.main_action)
        counter.digits("246810")
        counter.tap(R.id.approve)
        counter.sees("收款金额")
        counter.close()
    }

    @Test
    fun `what the host can no longer prove is closed by two people with the acquirer's letter`() {
        val counter = Counter()
        counter.gateway.shop.limit = 1_000_000
        counter.charge("128")
        counter.gateway.answers += FakeGateway.Answer.NONE
        counter.tap(R.id.take_back)
        counter.tap(R.id.main_action)
        counter.sees("结果还不知道")
        counter.tap(R.id.decide)
        counter.tap(R.id.executed)
        counter.type(R.id.reference, "函 2026-0042")
        counter.tap(R.id.main_action)
        counter.digits("246810")
        counter.tap(R.id.approve)
        counter.sees("第二位")
        counter.digits("135790")
        counter.tap(R.id.approve)
        counter.sees("撤销成功")
        counter.close()
    }
}
