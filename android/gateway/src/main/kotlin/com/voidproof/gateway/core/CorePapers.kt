package com.voidproof.gateway.core

import com.voidproof.gateway.Evidence
import com.voidproof.gateway.Papers
import com.voidproof.gateway.Report

internal class CorePapers(private val door: Door) : Papers {
    override suspend fun evidence(sale: String): Evidence = door.ask { shape(evidence(sale)) }

    override suspend fun report(day: String?): Report = door.ask { shape(report(day)) }
}
