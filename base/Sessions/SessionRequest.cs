namespace Skerry.Base.Sessions;

/// <summary>What a parent asks a component that offers a service.</summary>
/// <param name="session">Which session: the same from its opening to its closing.</param>
/// <param name="kind">What is to become of it.</param>
/// <param name="service">Which of the component's services, in the order they were announced, from 0.</param>
/// <param name="labelBytes">Of the label, which says who asks: <c>client -> what the client calls it</c>.</param>
/// <param name="argumentBytes">Of the client's arguments.</param>
/// <param name="affinity">
/// Where the client wants to be served: in the component's own space, if the client may run there; else the whole of it.
/// </param>
/// <param name="donation">What the client gives, which is in the component's account from its answer on.</param>
public readonly struct SessionRequest(
    SessionId session,
    SessionRequestKind kind,
    uint service,
    uint labelBytes,
    uint argumentBytes,
    Affinity affinity,
    Quota donation
)
{
    public SessionId Session { get; } = session;

    public SessionRequestKind Kind { get; } = kind;

    public uint Service { get; } = service;

    public uint LabelBytes { get; } = labelBytes;

    public uint ArgumentBytes { get; } = argumentBytes;

    public Affinity Affinity { get; } = affinity;

    public Quota Donation { get; } = donation;
}
