using Skerry.Base.Text;

namespace Skerry.Base.Memory;

/// <summary>What a component could not be started for, with the numbers.</summary>
public readonly struct Shortage
{
    private readonly ShortageKind _kind;
    private readonly ulong _needed;
    private readonly ulong _had;

    private Shortage(ShortageKind kind, ulong needed, ulong had)
    {
        _kind = kind;
        _needed = needed;
        _had = had;
    }

    /// <summary>Of what was refused: by the component's own account, by the server's, of the server's memory.</summary>
    /// <param name="own">The component's; a fresh one if it came to none.</param>
    /// <param name="server">Where its quota is taken from.</param>
    /// <param name="blockBytes">Of a piece of memory that was not there; 0 if all were.</param>
    /// <param name="freeBytes">Of the server's memory, in all pieces.</param>
    public static Shortage Of(in QuotaAccount own, in QuotaAccount server, ulong blockBytes, ulong freeBytes)
    {
        if (!own.Refused.IsZero)
        {
            return Of(own, ShortageKind.Quota, ShortageKind.CapabilityQuota);
        }
        if (!server.Refused.IsZero)
        {
            return Of(server, ShortageKind.ServerMemory, ShortageKind.ServerCapabilities);
        }
        return blockBytes != 0
            ? new Shortage(ShortageKind.Piece, blockBytes, freeBytes)
            : new Shortage(ShortageKind.Records, 0, 0);
    }

    /// <summary>"its quota does not suffice: …", without an end of line.</summary>
    public void AppendTo(ref TextBuilder text)
    {
        switch (_kind)
        {
            case ShortageKind.Quota:
                text.Append("its quota does not suffice: "u8).AppendSize(_needed);
                text.Append(" more needed, "u8).AppendSize(_had).Append(" left of it"u8);
                break;
            case ShortageKind.CapabilityQuota:
                text.Append("its quota of capabilities does not suffice: "u8).AppendDecimal(_needed);
                text.Append(" more needed, "u8).AppendDecimal(_had).Append(" left of it"u8);
                break;
            case ShortageKind.ServerMemory:
                text.Append("the memory here does not suffice for its quota: "u8).AppendSize(_needed);
                text.Append(" needed, "u8).AppendSize(_had).Append(" there"u8);
                break;
            case ShortageKind.ServerCapabilities:
                text.Append("the capabilities here do not suffice for its quota: "u8).AppendDecimal(_needed);
                text.Append(" needed, "u8).AppendDecimal(_had).Append(" there"u8);
                break;
            case ShortageKind.Piece:
                text.Append("the memory here has no such piece: "u8).AppendSize(_needed);
                text.Append(" needed, "u8).AppendSize(_had).Append(" there in smaller ones"u8);
                break;
            default:
                text.Append("records or slots of the server that starts it are used up"u8);
                break;
        }
    }

    private static Shortage Of(in QuotaAccount account, ShortageKind ram, ShortageKind capabilities) =>
        account.Refused.Ram > account.Available.Ram
            ? new Shortage(ram, account.Refused.Ram, account.Available.Ram)
            : new Shortage(capabilities, account.Refused.Capabilities, account.Available.Capabilities);
}
