package com.voidproof.app

import android.view.WindowManager
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.CustomerSees.Asked
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.fake.FakeGateway.Answer
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** The customer sees a payment while it runs, and nothing else; the screen stays lit as long. */
@RunWith(RobolectricTestRunner::class)
class CustomerDisplayTest {
    private val counter = Counter()
    private val sees get() = counter.devices.customerDisplay.sees

    private fun isLit() = counter.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON != 0

    @Test
    fun `a card is asked for, and with the result the display is empty`() {
        assertNull(sees)
        counter.digits("128")
        assertNull("an amount that is being typed is not shown", sees)
        counter.tap(R.id.charge)
        assertEquals(CustomerSees(12_800, Asked.PRESENT_CARD), sees)
        assertEquals(true, isLit())
        counter.devices.cardReader!!.present()
        counter.idle()
        counter.sees("¥")
        assertNull(sees)
        assertEquals(false, isLit())
    }

    @Test
    fun `a code is shown to be scanned, and goes when the payment is looked up`() {
        counter.gateway.answers += Answer.LATER
        counter.digits("36.50")
        counter.tap(R.id.charge)
        counter.tap(R.id.way_code)
        assertEquals(Asked.SHOW_CODE, sees!!.asked)
        counter.tap(R.id.way_show)
        counter.tap("微信")
        assertEquals(3_650L to Asked.SCAN, sees!!.amount to sees!!.asked)
        assertNotNull(sees!!.code)
        val sale = counter.gateway.shop.sales.keys.last()
        counter.gateway.stage(sale, PaymentStage.CUSTOMER_PASSWORD)
        counter.idle()
        assertEquals(Asked.ENTER_PASSWORD, sees!!.asked)
        counter.gateway.stage(sale, PaymentStage.LOOKING_UP)
        counter.idle()
        assertNull(sees)
    }

    @Test
    fun `what the operator does is not the customer's to see`() {
        counter.tap(R.id.home_more)
        assertNull(sees)
        counter.tap(R.id.menu_operators)
        assertNull(sees)
    }

    @Test
    fun `the display is empty when the app goes away`() {
        counter.digits("128")
        counter.tap(R.id.charge)
        assertNotNull(sees)
        counter.controller.pause().stop().destroy()
        assertNull(sees)
    }
}
