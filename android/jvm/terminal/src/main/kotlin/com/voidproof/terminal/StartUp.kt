package com.voidproof.terminal

import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Language
import org.json.JSONObject
import java.lang.management.ManagementFactory
import java.util.concurrent.ConcurrentHashMap

/** What the start of the process took until the first screen, in milliseconds since it began. */
internal class StartUp {
    private val marks = ConcurrentHashMap<String, Long>()

    /** The core has said what it found: the next screen that is laid out is the first one. */
    @Volatile private var opened = false

    /** Keeps when [step] ended, the first time. */
    fun ended(step: String) {
        marks.putIfAbsent(step, System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().startTime)
    }

    /** To be called after each turn of the main thread. */
    fun turned(laidOut: Boolean) {
        if (opened && laidOut) ended("screen")
    }

    fun describe() = JSONObject(marks as Map<*, *>)

    /** [core], watched while it opens. Its first call loads the native library. */
    fun watch(core: Gateway): Gateway = object : Gateway by core {
        override suspend fun setLanguage(language: Language) {
            ended("app")
            core.setLanguage(language)
            ended("library")
        }

        override suspend fun open(): CoreState = core.open().also {
            ended("core")
            opened = true
        }
    }
}
