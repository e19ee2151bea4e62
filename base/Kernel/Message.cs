using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>The part of a message that travels in registers. Words beyond the fourth lie in the message buffers.</summary>
public struct Message
{
    /// <summary>Of the capability that the message was sent through; meaningful on received messages.</summary>
    public ulong Badge;
    public MessageInfo Info;
    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    public static Message Of(ulong label, int length = 0) => new() { Info = MessageInfo.Of(label, length) };
}
