package com.voidproof.app.core

import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Language
import java.util.EnumSet

/** A part of the start of a process. [FIRST_LAYOUT] lies within [FIRST_FRAME], which begins with the activity. */
enum class StartPart(val label: String) {
    APPLICATION("start: application"),
    CORE_LOAD("start: core load"),
    CORE_OPEN("start: core open"),
    FIRST_LAYOUT("start: first layout"),
    FIRST_FRAME("start: first frame"),
}

/** Where parts are told to; the names are those of [StartPart.label]. Called on any thread. */
interface TraceSink {
    fun begin(name: String)

    fun end(name: String)
}

/** Tells each part of the start once, however often it is come by, and ends what it began. */
class StartTrace(private val sink: TraceSink) {
    private val begun = EnumSet.noneOf(StartPart::class.java)
    private val ended = EnumSet.noneOf(StartPart::class.java)

    @Synchronized
    fun begin(part: StartPart) {
        if (begun.add(part)) sink.begin(part.label)
    }

    @Synchronized
    fun end(part: StartPart) {
        if (part in begun && ended.add(part)) sink.end(part.label)
    }

    /** [core], whose first call loads the library. */
    fun watch(core: Gateway): Gateway = object : Gateway by core {
        override suspend fun setLanguage(language: Language) = during(StartPart.CORE_LOAD) { core.setLanguage(language) }

        override suspend fun open(): CoreState = during(StartPart.CORE_OPEN) { core.open() }
    }

    private inline fun <T> during(part: StartPart, work: () -> T): T {
        begin(part)
        try {
            return work()
        } finally {
            end(part)
        }
    }
}
