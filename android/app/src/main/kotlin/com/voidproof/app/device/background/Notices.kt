package com.voidproof.app.device.background

import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.res.Configuration
import android.os.Build
import com.voidproof.app.MainActivity
import com.voidproof.app.R
import com.voidproof.app.core.Route
import com.voidproof.app.device.platform.Newer
import com.voidproof.gateway.Language
import java.util.Locale

/**
 * What the notifications say. None names an amount, a card or a customer, and a locked screen shows only that there is one. [language]
 * is the person's, whatever the device's.
 */
class Notices(private val app: Context) {
    @Volatile
    var language = Language.ZH
    private val manager = app.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager

    fun show(calls: List<Call>) {
        val words = words()
        Matter.values().forEach { matter ->
            val call = calls.firstOrNull { it.matter == matter }
            if (call == null) manager.cancel(idOf(matter)) else manager.notify(idOf(matter), notification(words, call))
        }
    }

    private fun notification(words: Context, call: Call): Notification {
        val (title, text) = wordsOf(call.matter)
        val said = words.getString(text)
        return builder(words, CALLS, R.string.channel_calls, loud = true)
            .setContentTitle(words.getString(title))
            .setContentText(said)
            .setStyle(Notification.BigTextStyle().bigText(said))
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setOnlyAlertOnce(true)
            .setAutoCancel(true)
            .setContentIntent(open(idOf(call.matter), call.route))
            .build()
    }

    fun staying(why: Stay): Notification {
        val words = words()
        val text = if (why == Stay.MONEY) R.string.staying_money else R.string.staying_deadline
        return builder(words, STAYING, R.string.channel_staying, loud = false)
            .setContentTitle(words.getString(text))
            .setOngoing(true)
            .setContentIntent(open(STAYING_ID, Route.Queue.takeIf { why == Stay.DEADLINE }))
            .build()
    }

    private fun builder(words: Context, channel: String, name: Int, loud: Boolean): Notification.Builder {
        val builder = if (Build.VERSION.SDK_INT < CHANNELS) {
            @Suppress("DEPRECATION") // Its successor needs API 26.
            Notification.Builder(app).setPriority(if (loud) Notification.PRIORITY_HIGH else Notification.PRIORITY_LOW)
        } else {
            Newer.channel(manager, channel, words.getString(name), loud)
            Newer.notification(app, channel)
        }
        return builder.setSmallIcon(R.drawable.ic_void).setColor(app.getColor(R.color.focus))
    }

    private fun open(id: Int, route: Route?): PendingIntent {
        val intent = Intent(app, MainActivity::class.java).setAction(ACTION)
        route?.let { intent.putExtra(ROUTE, Route.encode(it)) }
        return PendingIntent.getActivity(app, id, intent, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
    }

    private fun words(): Context {
        val locale = if (language == Language.ZH) Locale.SIMPLIFIED_CHINESE else Locale.ENGLISH
        return app.createConfigurationContext(Configuration(app.resources.configuration).apply { setLocale(locale) })
    }

    private fun wordsOf(matter: Matter): Pair<Int, Int> = when (matter) {
        Matter.KEYS_LOST -> R.string.call_keys to R.string.call_keys_text
        Matter.LEDGER -> R.string.call_ledger to R.string.call_ledger_text
        Matter.UNSOUND -> R.string.call_unsound to R.string.call_unsound_text
        Matter.REFUSED -> R.string.call_refused to R.string.call_refused_text
        Matter.CARD -> R.string.call_card to R.string.call_card_text
        Matter.ESCALATED -> R.string.call_escalated to R.string.call_escalated_text
        Matter.DEADLINE -> R.string.call_deadline to R.string.call_deadline_text
    }

    companion object {
        const val STAYING_ID = 1
        private const val FIRST_CALL = 10
        private const val CALLS = "calls"
        private const val STAYING = "staying"
        private const val ACTION = "com.voidproof.app.SHOW"
        private const val ROUTE = "route"

        /** The first API level with channels. */
        private const val CHANNELS = 26

        fun idOf(matter: Matter): Int = FIRST_CALL + matter.ordinal

        /** Where a tapped notification leads. Null for any other intent, and for a place that no notification leads to. */
        fun routeOf(intent: Intent): Route? {
            if (intent.action != ACTION) return null
            return intent.getStringExtra(ROUTE)?.let(Route::decode)?.takeIf(::isCallable)
        }
    }
}
