using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>What a <see cref="ChannelHub{TDoorbell, THost}"/> needs of the program around it.</summary>
public interface IChannelHost : IMessageHandler
{
    /// <summary>Waits until the doorbell has rung, or returns at once if it has since the last time.</summary>
    void WaitForDoorbell();
}
