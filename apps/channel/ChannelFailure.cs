namespace Skerry.Apps.Channel;

/// <summary>Exit values of both ends.</summary>
internal static class ChannelFailure
{
    public const ulong NotOpened = 1;
    public const ulong PeerGone = 2;
    public const ulong WrongMessages = 3;
}
