package com.voidproof.terminal

import android.text.method.PasswordTransformationMethod
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.json.JSONArray
import org.json.JSONObject

/** The views of the screen as programs read them. */
internal object Tree {
    fun describe(view: View): JSONObject {
        val children = JSONArray()
        if (view is ViewGroup) visible(view).forEach { children.put(describe(it)) }
        return JSONObject()
            .put("class", view.javaClass.simpleName)
            .put("id", name(view) ?: JSONObject.NULL)
            .put("text", (view as? TextView)?.let(::shown) ?: JSONObject.NULL)
            .put("description", view.contentDescription?.toString() ?: JSONObject.NULL)
            .put("bounds", JSONArray(bounds(view)))
            .put("enabled", view.isEnabled)
            .put("clickable", view.isClickable)
            .put("focused", view.isFocused)
            .put("children", children)
    }

    /** The text as the screen shows it: dots for a PIN. */
    private fun shown(view: TextView): String {
        val text = view.text.toString()
        return if (view.transformationMethod is PasswordTransformationMethod) "\u2022".repeat(text.length) else text
    }

    /** Left, top, right, bottom on the screen, in pixels. */
    fun bounds(view: View): List<Int> {
        val at = IntArray(2).also(view::getLocationOnScreen)
        return listOf(at[0], at[1], at[0] + view.width, at[1] + view.height)
    }

    fun withId(windows: List<View>, id: String) = all(windows).filter { name(it) == id }

    /** What can be tapped and says [text], itself or in a view within it. */
    fun withText(windows: List<View>, text: String): List<View> {
        val clickable = all(windows).filter { it.isClickable && it.isEnabled && says(it, text) }
        val exact = clickable.filter { word(it) == text }
        return exact.ifEmpty { clickable }
    }

    private fun says(view: View, text: String): Boolean =
        view.contentDescription?.contains(text) == true || all(listOf(view)).any { it is TextView && it.text.contains(text) }

    private fun word(view: View) = (view as? TextView)?.text?.toString() ?: view.contentDescription?.toString()

    private fun all(views: List<View>): List<View> = views.flatMap { listOf(it) + if (it is ViewGroup) all(visible(it)) else emptyList() }

    private fun visible(group: ViewGroup) = (0 until group.childCount).map(group::getChildAt).filter { it.visibility == View.VISIBLE }

    private fun name(view: View): String? = view.id.takeIf { it != View.NO_ID }?.let { id ->
        try {
            view.resources.getResourceEntryName(id)
        } catch (_: android.content.res.Resources.NotFoundException) {
            null
        }
    }
}
