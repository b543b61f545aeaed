package com.voidproof.app.ui

import android.view.View
import android.view.accessibility.AccessibilityEvent
import android.view.accessibility.AccessibilityNodeInfo
import android.widget.EditText

/** TalkBack hears what stands in the field as [masked] has it. */
class Spoken(private val masked: (CharSequence) -> String) : View.AccessibilityDelegate() {
    override fun onInitializeAccessibilityNodeInfo(host: View, info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(host, info)
        val text = (host as EditText).text
        if (text.isNotEmpty()) info.text = masked(text)
    }

    override fun onPopulateAccessibilityEvent(host: View, event: AccessibilityEvent) {
        event.text.add(masked((host as EditText).text))
    }
}
