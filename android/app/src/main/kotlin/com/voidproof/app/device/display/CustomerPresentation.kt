package com.voidproof.app.device.display

import android.app.Presentation
import android.content.Context
import android.content.res.Configuration
import android.os.Bundle
import android.view.ContextThemeWrapper
import android.view.Display
import android.view.Gravity
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.CustomerSees.Asked
import com.voidproof.app.text.Money
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.QrView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.put
import com.voidproof.app.ui.text
import com.voidproof.gateway.Clock
import java.util.Locale

/** The amount, what to do, perhaps a code: in both languages, as nobody knows whose turn it is. Takes no touch. */
class CustomerPresentation(outer: Context, display: Display, clock: Clock) : Presentation(outer, display) {
    private val themed = ContextThemeWrapper(context, R.style.Theme_Voidproof)
    private val ui = Ui(themed, clock, emptySet())
    private val page = LinearLayout(themed)
    private val chinese = inLanguage(Locale.SIMPLIFIED_CHINESE)
    private val english = inLanguage(Locale.ENGLISH)

    private fun inLanguage(locale: Locale): Context =
        themed.createConfigurationContext(Configuration(themed.resources.configuration).apply { setLocale(locale) })

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setCancelable(false)
        page.orientation = LinearLayout.VERTICAL
        page.gravity = Gravity.CENTER
        page.setBackgroundColor(ui.color(R.color.ground))
        page.setPadding(ui.dp(Gap.LARGE), ui.dp(Gap.LARGE), ui.dp(Gap.LARGE), ui.dp(Gap.LARGE))
        setContentView(page)
    }

    fun bind(sees: CustomerSees) {
        page.removeAllViews()
        page.put(ui.amount(Money.digits(sees.amount), gravity = Gravity.CENTER))
        listOf(chinese, english).forEach { language ->
            page.put(ui.text(language.getString(words(sees.asked)), Type.TITLE).apply { gravity = Gravity.CENTER }, top = Gap.SMALL)
        }
        val code = sees.code ?: return
        val spoken = chinese.getString(R.string.customer_scan) + " " + english.getString(R.string.customer_scan)
        page.put(QrView(ui, code, spoken), width = LinearLayout.LayoutParams.WRAP_CONTENT, top = Gap.LARGE)
    }

    private fun words(asked: Asked) = when (asked) {
        Asked.PRESENT_CARD -> R.string.customer_card
        Asked.SHOW_CODE -> R.string.customer_show_code
        Asked.SCAN -> R.string.customer_scan
        Asked.ENTER_PASSWORD -> R.string.customer_password
        Asked.WAIT -> R.string.customer_wait
    }
}
