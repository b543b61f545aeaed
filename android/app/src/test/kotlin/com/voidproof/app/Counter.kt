package com.voidproof.app

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import com.voidproof.app.ui.children
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController

/** Fingers and eyes on the running app. */
class Counter(saved: Bundle? = null, intent: Intent? = null) : AutoCloseable {
    private val app = RuntimeEnvironment.getApplication() as TestApp
    val gateway: FakeGateway get() = app.fake
    val devices: FakeDevices get() = app.hardware
    val controller: ActivityController<MainActivity> = Robolectric.buildActivity(MainActivity::class.java, intent).run {
        if (saved == null) setup() else setup(saved)
    }
    val activity: Activity get() = controller.get()

    init {
        idle()
    }

    fun idle() = app.idle()

    fun views(): List<View> = all(activity.window.decorView).filter(View::isShown)

    private fun all(view: View): List<View> = listOf(view) + if (view is ViewGroup) view.children.flatMap(::all) else emptyList()

    fun texts(): List<String> = views().filterIsInstance<TextView>().map { it.text.toString() }.filter(String::isNotEmpty)

    fun find(id: Int): View? = views().firstOrNull { it.id == id }

    fun text(id: Int): String = (find(id) as TextView).text.toString()

    fun sees(words: String) = assertTrue("no “$words” in ${texts()}", texts().any { words in it })

    fun seesNot(words: String) = assertTrue("“$words” in ${texts()}", texts().none { words in it })

    fun tap(id: Int) {
        val view = find(id) ?: error("no ${activity.resources.getResourceEntryName(id)} among ${texts()}")
        tap(view)
    }

    fun tap(words: String) {
        val view = views().filter { it.isClickable }.firstOrNull { spoken(it).contains(words) } ?: error("nothing to tap with “$words” among ${texts()}")
        tap(view)
    }

    private fun tap(view: View) {
        check(view.isEnabled) { "${spoken(view)} is disabled" }
        view.performClick()
        idle()
    }

    private fun spoken(view: View): String = view.contentDescription?.toString() ?: (view as? TextView)?.text?.toString().orEmpty()

    fun type(id: Int, words: String) {
        (find(id) as EditText).setText(words)
        idle()
    }

    fun digits(typed: String) = typed.forEach { tap(if (it == '.') R.id.key_point else KEYS[it - '0']) }

    fun charge(amount: String) {
        digits(amount)
        tap(R.id.charge)
        devices.cardReader!!.present()
        idle()
    }

    fun back() {
        @Suppress("DEPRECATION")
        activity.onBackPressed()
        idle()
    }

    /** The process dies: what was saved, and a new activity from it. */
    fun die(): Counter {
        val bundle = Bundle()
        controller.saveInstanceState(bundle).pause().stop().destroy()
        return Counter(bundle)
    }

    override fun close() {
        controller.close()
    }

    private companion object {
        val KEYS = intArrayOf(
            R.id.key_0, R.id.key_1, R.id.key_2, R.id.key_3, R.id.key_4, R.id.key_5, R.id.key_6, R.id.key_7, R.id.key_8, R.id.key_9,
        )
    }
}
