package com.voidproof.app.screens

import android.os.Bundle
import android.os.Parcel
import android.text.method.PasswordTransformationMethod
import android.view.View
import android.view.WindowManager
import android.view.accessibility.AccessibilityEvent
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.TextView
import com.voidproof.app.Counter
import com.voidproof.app.R
import com.voidproof.app.TestApp
import com.voidproof.app.core.Route
import com.voidproof.app.core.secret
import com.voidproof.app.scene
import com.voidproof.app.visit
import com.voidproof.gateway.Rail
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper
import java.util.concurrent.TimeUnit

/** Nothing that is typed in secret stands anywhere in clear for longer than somebody asked to see it. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class SecretsTest {
    @Test
    fun `a payment code shows its last four digits alone, wherever one looks`() {
        typed(R.id.way_code, R.id.payment_code, CODE).use { counter ->
            counter.sees("微信付款码")
            counter.sees("（18 位）")
            assertEquals("••••••••••••••6789", shown(counter.find(R.id.payment_code)!!))
            assertEquals(emptyList<String>(), leaks(counter, CODE, longest = 4))
        }
    }

    @Test
    fun `a card number shows no more than a slip does`() {
        typed(R.id.way_manual, R.id.card_number, CARD).use { counter ->
            assertEquals("622202••••••0114", shown(counter.find(R.id.card_number)!!))
            assertEquals(emptyList<String>(), leaks(counter, CARD, longest = 6))
            counter.tap(R.id.main_action)
            counter.sees("卡号或有效期不对")
            assertEquals("a wrong one stays, to be put right", "622202••••••0114", shown(counter.find(R.id.card_number)!!))
        }
    }

    @Test
    fun `whoever asks sees all digits for five seconds, and TalkBack never tells them`() {
        typed(R.id.way_code, R.id.payment_code, CODE).use { counter ->
            val field = counter.find(R.id.payment_code) as EditText
            field.setSelection(3)
            counter.tap(R.id.show_digits)
            assertEquals(CODE, shown(field))
            assertEquals("the cursor stays", 3, field.selectionStart)
            assertFalse(CODE in spoken(field).joinToString())
            ShadowLooper.idleMainLooper(5, TimeUnit.SECONDS)
            assertEquals(emptyList<String>(), leaks(counter, CODE, longest = 4))
            counter.tap(R.id.show_digits)
            counter.tap(R.id.show_digits)
            assertEquals(emptyList<String>(), leaks(counter, CODE, longest = 4))
        }
    }

    @Test
    fun `the keys of a pasted profile are dots, wherever one looks`() {
        for (screen in listOf("set-up", "import-keys")) {
            visit(scene(screen)).use { counter ->
                counter.type(R.id.profile, PROFILE)
                val field = counter.find(R.id.profile) as EditText
                assertEquals(PROFILE.replace(TMK, "•".repeat(TMK.length)).replace(API, "•".repeat(API.length)), shown(field))
                (0..field.length()).forEach { end -> field.setText(PROFILE.substring(0, end)) }
                field.text.insert(PROFILE.indexOf(TMK), TMK.take(6))
                counter.idle()
                for (key in listOf(TMK, API)) assertEquals(emptyList<String>(), leaks(counter, key, longest = 3))
                assertTrue(field.transformationMethod is PasswordTransformationMethod)
                counter.tap(R.id.main_action)
                for (key in listOf(TMK, API)) assertEquals("after it was read", emptyList<String>(), leaks(counter, key, longest = 3))
            }
        }
    }

    @Test
    fun `keyboards, form fillers and the clipboard get nothing`() {
        for ((way, id) in listOf(R.id.way_code to R.id.payment_code, R.id.way_manual to R.id.card_number)) {
            typed(way, id, CODE).use { counter ->
                val field = counter.find(id) as EditText
                assertTrue(field.imeOptions and EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING != 0)
                assertTrue(field.transformationMethod is PasswordTransformationMethod)
                if (android.os.Build.VERSION.SDK_INT >= 26) {
                    assertEquals(View.IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS, field.importantForAutofill)
                }
                field.selectAll()
                field.onTextContextMenuItem(android.R.id.copy)
                val clipboard = counter.activity.getSystemService(android.content.ClipboardManager::class.java)
                assertFalse(CODE in clipboard.primaryClip.toString())
            }
        }
    }

    @Test
    fun `another way of paying forgets what was typed`() {
        typed(R.id.way_code, R.id.payment_code, CODE).use { counter ->
            counter.tap(R.id.way_manual)
            counter.type(R.id.card_number, CARD)
            counter.tap(R.id.way_code)
            assertEquals("", (counter.find(R.id.payment_code) as EditText).text.toString())
            counter.tap(R.id.way_manual)
            assertEquals("", (counter.find(R.id.card_number) as EditText).text.toString())
        }
    }

    @Test
    fun `on a device the screens where secrets are entered are in no picture, results are`() {
        val app = RuntimeEnvironment.getApplication() as TestApp
        app.hardware.hidesScreens = true
        Counter().use { counter ->
            assertFalse(counter.hidden())
            counter.digits("5")
            counter.tap(R.id.charge)
            assertTrue(counter.hidden())
            counter.devices.cardReader!!.present()
            counter.idle()
            counter.sees("收款成功")
            assertFalse(counter.hidden())
        }
        app.hardware.hidesScreens = false
        typed(R.id.way_code, R.id.payment_code, CODE).use { assertFalse(it.hidden()) }
    }

    @Test
    fun `what is secret is told by the route`() {
        val secret = listOf(
            Route.Pay(1, "r"), Route.Hold(1, "r", null), Route.Complete("p", 1, "r", false), Route.LogOn, Route.SetUp, Route.ByReference("r"),
            Route.ConfirmVoid("s", "r"), Route.ConfirmRefund("s", "r"), Route.Operators, Route.Settlement, Route.ImportKeys, Route.Restored,
        )
        val open = listOf(Route.Home, Route.SaleResult("s"), Route.Progress("u"), Route.Record("s"), Route.Explain("12", Rail.UNIONPAY), Route.More)
        assertEquals(secret, (secret + open).filter { it.secret })
    }

    private fun Counter.hidden() = activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    private fun typed(way: Int, field: Int, number: String) = Counter().apply {
        digits("36.50")
        tap(R.id.charge)
        tap(way)
        number.indices.forEach { type(field, number.substring(0, it + 1)) }
    }

    /** What of the screen and of the saved state holds more than [longest] digits of [number] in a row. */
    private fun leaks(counter: Counter, number: String, longest: Int): List<String> {
        val parts = number.windowed(longest + 1)
        val state = Bundle().also { counter.controller.saveInstanceState(it) }
        val told = counter.views().flatMap { view -> spoken(view) + shown(view) } + marshalled(state)
        return told.filter { words -> parts.any { it in words } }
    }

    /** What stands on the glass. */
    private fun shown(view: View): String = (view as? TextView)?.layout?.text?.toString().orEmpty()

    private fun spoken(view: View): List<String> {
        val node = view.createAccessibilityNodeInfo()
        @Suppress("DEPRECATION") // Its successor needs API 30.
        val event = AccessibilityEvent.obtain(AccessibilityEvent.TYPE_VIEW_FOCUSED).also(view::dispatchPopulateAccessibilityEvent)
        return listOf(node.text, node.contentDescription, view.contentDescription, event.text).map { it?.toString().orEmpty() }
    }

    /** As it would lie in the system's memory: UTF-16, and once more as bytes. */
    private fun marshalled(state: Bundle): List<String> {
        val parcel = Parcel.obtain()
        parcel.writeBundle(state)
        val bytes = parcel.marshall()
        parcel.recycle()
        return listOf(String(bytes, Charsets.UTF_16LE), String(bytes, Charsets.ISO_8859_1))
    }

    private companion object {
        const val CODE = "134567890123456789"
        const val CARD = "6222020000000114"
        const val TMK = "89ABCDEFFEDCBA98"
        const val API = "Zq9+Xv/7Ywtp"
        const val PROFILE = "schema = 2\n[unionpay]\ntmk = \"$TMK\"\nkeys = \"double\"\n\n[wechat]\napi_key = \"$API\"\n"
    }
}
