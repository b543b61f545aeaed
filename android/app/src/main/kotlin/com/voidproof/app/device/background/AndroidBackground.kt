package com.voidproof.app.device.background

import android.content.Context
import com.voidproof.app.BaseApp
import com.voidproof.app.device.Background

/** The keeper with Android around it. One for the life of the process; what Android starts without a screen finds it by [of]. */
class AndroidBackground(val keeper: Keeper, val around: AndroidAround) : Background by keeper {
    companion object {
        /** Null: this app does nothing without a screen. */
        fun of(context: Context): AndroidBackground? = (context.applicationContext as BaseApp).devices.background as? AndroidBackground
    }
}
