namespace Skerry.Base.Memory;

/// <summary>
/// What a protection domain may use and does use. Quota moves only between an account and its reference account, so
/// that no resource appears or vanishes: what all accounts hold together never changes.
/// </summary>
public unsafe struct QuotaAccount
{
    /// <summary>Held, with the service lock shared, by who serves a request that touches what this account pays for alone.</summary>
    public FairLock<ProcessorMemory> Requests;

    /// <summary>
    /// While its owner is started, and while that ends to be started again: where its blocks are taken from first, and go back
    /// to. Null else. The service lock protects it.
    /// </summary>
    public KeptBlocks* Kept;

    /// <summary>Protects limit and use.</summary>
    private ExclusiveLock _lock;
    private QuotaAccount* _reference;

    /// <summary>What the server knows of the account's owner, where the account pays for that; not open in others.</summary>
    public RecordPool Records;

    public Resources Limit { get; private set; }

    public Resources Used { get; private set; }

    /// <summary>What was asked for last and was not available; nothing if there was no such thing.</summary>
    public Resources Refused { get; private set; }

    public readonly bool HasReference => _reference != null;

    public readonly Resources Available => Limit - Used;

    /// <summary>Gives the account what nobody else accounts for: a server's own memory, at its start.</summary>
    public void Endow(Resources resources)
    {
        _lock.Acquire();
        Limit += resources;
        _lock.Release();
    }

    /// <summary>Sets the account that quota is exchanged with; null for none.</summary>
    public void SetReference(QuotaAccount* reference) => _reference = reference;

    public void ForgetRefused() => Refused = default;

    /// <summary>Uses resources, if that many are available.</summary>
    public ChargeResult Charge(Resources resources)
    {
        _lock.Acquire();
        ChargeResult result = Covers(Available, resources);
        if (result == ChargeResult.Ok)
        {
            Used += resources;
        }
        else
        {
            Refused = resources;
        }
        _lock.Release();
        return result;
    }

    /// <summary>As the other, for what can be done in another way: it is not kept that it was refused.</summary>
    public bool TryCharge(Resources resources)
    {
        Resources refused = Refused;
        bool charged = Charge(resources) == ChargeResult.Ok;
        Refused = refused;
        return charged;
    }

    /// <summary>Whether so much is the owner's besides what he may not give on, whatever he uses it for.</summary>
    public readonly ChargeResult HoldsBesides(Resources wanted, Resources besides) => Covers(Limit, wanted + besides);

    /// <summary>Ends the use of resources that were charged before.</summary>
    public void Refund(Resources resources)
    {
        _lock.Acquire();
        Used -= resources;
        _lock.Release();
    }

    /// <summary>As the other; nothing to do if nobody pays.</summary>
    public static void Refund(QuotaAccount* account, Resources resources)
    {
        if (account != null)
        {
            account->Refund(resources);
        }
    }

    /// <summary>Moves quota that is not in use from one account to another.</summary>
    public static ChargeResult Transfer(QuotaAccount* from, QuotaAccount* to, Resources resources)
    {
        if (from->_reference != to && to->_reference != from)
        {
            return ChargeResult.Denied;
        }
        // One account at a time: what is under way is in neither limit, so no order between the locks is needed.
        from->_lock.Acquire();
        ChargeResult result = Covers(from->Available, resources);
        if (result == ChargeResult.Ok)
        {
            from->Limit -= resources;
        }
        else
        {
            from->Refused = resources;
        }
        from->_lock.Release();
        if (result == ChargeResult.Ok)
        {
            to->Endow(resources);
        }
        return result;
    }

    private static ChargeResult Covers(Resources available, Resources wanted)
    {
        if (wanted.Ram > available.Ram)
        {
            return ChargeResult.OutOfRam;
        }
        return wanted.Capabilities > available.Capabilities ? ChargeResult.OutOfCapabilities : ChargeResult.Ok;
    }
}
