package com.voidproof.gateway.core

import com.voidproof.gateway.Approval
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.Rescue
import com.voidproof.gateway.Statement

internal class CoreRescue(private val door: Door) : Rescue {
    override suspend fun acceptRestored(approval: Approval) = door.ask { bare(approval).use { acceptRestored(it) } }

    override suspend fun resolve(statement: Statement) = door.ask { bare(statement).use { resolve(it) } }

    override suspend fun clear(item: String, reason: String, first: Approval, second: Approval) =
        door.ask { bareClearing(item, reason, first, second).use { clear(it) } }

    override suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState =
        door.ask { bare(approval).use { consent -> shape(importKeys(raw(profile), consent)) } }
}
