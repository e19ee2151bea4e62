namespace Skerry.Base.Sessions;

/// <summary>A session, as its client, the parent and the service name it to each other. The parent gives it; 0 is none.</summary>
public readonly struct SessionId(ulong value)
{
    public ulong Value { get; } = value;
}
