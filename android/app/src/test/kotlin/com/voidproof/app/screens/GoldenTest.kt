package com.voidproof.app.screens

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Color
import android.graphics.Rect
import android.view.View
import android.widget.TextView
import androidx.test.platform.app.InstrumentationRegistry
import com.voidproof.app.Counter
import com.voidproof.app.isLookedAt
import com.voidproof.app.scene
import com.voidproof.app.visit
import com.voidproof.gateway.Language
import org.junit.Assert.fail
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import java.io.File

/**
 * The main screens, pixel by pixel. What differs is told in words, with a picture of it beside the two. `-Dgolden.write=true` writes
 * new pictures instead: look at them before committing.
 */
@RunWith(ParameterizedRobolectricTestRunner::class)
class GoldenTest(private val name: String) {
    private val scene = name.substringBefore('.')
    private val look = name.substringAfter('.')

    @Test
    fun `looks as it did`() {
        RuntimeEnvironment.setQualifiers(QUALIFIERS.getValue(look))
        visit(scene(scene), if (look == "zh" || look == "small") Language.ZH else Language.EN).use { counter ->
            val actual = InstrumentationRegistry.getInstrumentation().uiAutomation.takeScreenshot()
            val golden = File("src/test/golden/$name.png")
            if (System.getProperty("golden.write") == "true") return actual.write(golden)
            if (!golden.exists()) fail("$golden does not exist; make it with -Dgolden.write=true")
            compare(BitmapFactory.decodeFile(golden.path), actual, counter)
        }
    }

    private fun compare(golden: Bitmap, actual: Bitmap, counter: Counter) {
        val size = "${actual.width}x${actual.height}"
        if (golden.width != actual.width || golden.height != actual.height) fail("$name is $size, was ${golden.width}x${golden.height}")
        val difference = Difference.of(golden, actual) ?: return
        val folder = File("target/golden")
        golden.write(File(folder, "$name-1-golden.png"))
        actual.write(File(folder, "$name-2-actual.png"))
        difference.picture.write(File(folder, "$name-3-difference.png"))
        val there = views(counter, difference.box)
        fail("$name: ${difference.pixels} pixels differ in ${difference.box.toShortString()}, at $there. See ${folder.absolutePath}")
    }

    /** The words that stand where it differs. */
    private fun views(counter: Counter, box: Rect): List<String> = counter.views().filterIsInstance<TextView>()
        .filter { it.text.isNotEmpty() && Rect.intersects(box, bounds(it)) }
        .map { "“${it.text}”" }

    private fun bounds(view: View): Rect {
        val at = IntArray(2).also(view::getLocationOnScreen)
        return Rect(at[0], at[1], at[0] + view.width, at[1] + view.height)
    }

    private fun Bitmap.write(file: File) {
        file.parentFile!!.mkdirs()
        file.outputStream().use { compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    companion object {
        private val QUALIFIERS = mapOf(
            "zh" to "zh-rCN-w360dp-h720dp-hdpi",
            "en" to "w360dp-h720dp-hdpi",
            "dark" to "w360dp-h720dp-night-hdpi",
            "small" to "w320dp-h480dp-hdpi",
            "wide" to "w1280dp-h800dp-land-mdpi",
        )
        private val SHOWN = mapOf(
            "zh" to listOf(
                "home", "log-on", "pay", "paid", "sale-unknown", "pick", "confirm", "approve", "void-queued", "void-sending", "void-unknown",
                "void-voided", "void-refund-offered", "void-needs-card", "void-escalated", "queue", "record", "slip", "settlement",
                "set-up-files", "set-up-pasted", "preauths", "preauth", "complete-amount", "held", "restored", "decide-chosen", "evidence", "by-reference",
                "by-reference-confirm", "pay-code-known", "pay-code-wrong", "pay-show", "wallet-scans", "wallet-password", "wallet-taking-back",
                "wallet-paid-late", "wallet-unknown", "pass-over", "confirm-alipay", "records-rail", "pay-code-shown",
                "pay-camera", "pay-camera-asks", "pay-offered", "pay-manual-typed", "report", "line", "sign-out-failed", "settlement-cleared",
                "home-clock", "printer", "printer-open", "copies", "restore-copy", "licences",
            ),
            "en" to listOf(
                "home", "pick", "confirm", "void-queued", "void-unknown", "void-refund-offered", "queue", "supervisor", "preauth",
                "restored", "decide-chosen", "wallet-scans",
                "wallet-password", "confirm-alipay", "copies",
            ),
            "dark" to listOf(
                "home", "confirm", "void-queued", "void-unknown", "void-voided", "slip", "preauth", "decide-chosen", "restored", "wallet-scans",
                "pay-camera-many",
            ),
            "small" to listOf("home", "pay-camera", "confirm", "void-queued", "restored", "wallet-scans", "decide-chosen"),
            "wide" to listOf("home", "void-queued", "wallet-scans", "restored"),
        )

        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
        fun names() = SHOWN.flatMap { (look, scenes) -> scenes.filter(::isLookedAt).map { arrayOf<Any>("$it.$look") } }
    }
}

/** Where two pictures of one size differ; [picture] has the pixels that differ in red on the pale old picture. */
class Difference private constructor(val pixels: Int, val box: Rect, val picture: Bitmap) {
    companion object {
        fun of(old: Bitmap, new: Bitmap): Difference? {
            val picture = Bitmap.createBitmap(old.width, old.height, Bitmap.Config.ARGB_8888)
            val box = Rect()
            var pixels = 0
            for (y in 0 until old.height) {
                for (x in 0 until old.width) {
                    val before = old.getPixel(x, y)
                    if (before == new.getPixel(x, y)) {
                        picture.setPixel(x, y, pale(before))
                    } else {
                        picture.setPixel(x, y, Color.RED)
                        box.union(Rect(x, y, x + 1, y + 1))
                        pixels++
                    }
                }
            }
            return if (pixels == 0) null else Difference(pixels, box, picture)
        }

        private fun pale(colour: Int): Int {
            val grey = (Color.red(colour) + Color.green(colour) + Color.blue(colour)) / 3
            val light = 255 - (255 - grey) / 4
            return Color.rgb(light, light, light)
        }
    }
}
