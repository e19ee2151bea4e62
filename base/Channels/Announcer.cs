using System.Threading;

namespace Skerry.Base.Channels;

/// <summary>A sender's side of its receiver's <see cref="ReceiverControl"/>: says that its ring holds something new.</summary>
/// <typeparam name="TOrder">StrictOrder, but in tests of the protocol.</typeparam>
/// <typeparam name="TDoorbell">What wakes the receiver.</typeparam>
public readonly unsafe struct Announcer<TOrder, TDoorbell>(ReceiverControl* control, int peer, TDoorbell doorbell)
    where TOrder : struct, IMemoryOrder
    where TDoorbell : struct, IDoorbell
{
    /// <summary>
    /// Called after a message was written. While the receiver has not yet taken this sender's bit, the bitmap's line is
    /// only read; whoever sets a bit also looks whether the receiver sleeps.
    /// </summary>
    /// <returns>Whether it rang.</returns>
    public bool Announce()
    {
        ref ulong pending = ref control->Pending[peer / ReceiverControl.BitsPerWord];
        ulong bit = 1ul << (peer % ReceiverControl.BitsPerWord);
        // The message must be visible before the bit is looked at: if it is still set, the receiver will read the ring
        // only after it has taken the bit, and so after the message.
        TOrder.Fence();
        if ((Volatile.Read(ref pending) & bit) != 0)
        {
            return false;
        }
        Interlocked.Or(ref pending, bit);
        if (Volatile.Read(ref control->Sleeping) == 0)
        {
            return false;
        }
        doorbell.Ring();
        return true;
    }
}
