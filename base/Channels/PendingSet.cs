using System.Numerics;
using System.Threading;

namespace Skerry.Base.Channels;

/// <summary>The receiver's side of its <see cref="ReceiverControl"/>: who has sent, and when to sleep.</summary>
/// <typeparam name="TOrder">StrictOrder, but in tests of the protocol.</typeparam>
public readonly unsafe struct PendingSet<TOrder>(ReceiverControl* control)
    where TOrder : struct, IMemoryOrder
{
    /// <summary>Takes a pending peer's bit; its ring is to be emptied afterwards.</summary>
    /// <param name="peer">The peer served last, then the one to serve now: the next in a round, so that none starves.</param>
    /// <returns>False if there is none.</returns>
    public bool TryTake(ref int peer)
    {
        int start = (peer + 1) % ReceiverControl.MaximumPeers;
        int firstWord = start / ReceiverControl.BitsPerWord;
        ulong mask = ulong.MaxValue << (start % ReceiverControl.BitsPerWord);
        // The first word is looked at twice: from the start bit up, and after all others, whole.
        for (int i = 0; i <= ReceiverControl.PendingWords.Count; i++)
        {
            int word = (firstWord + i) % ReceiverControl.PendingWords.Count;
            ref ulong pending = ref control->Pending[word];
            ulong bits = Volatile.Read(ref pending) & mask;
            if (bits != 0)
            {
                int bit = BitOperations.TrailingZeroCount(bits);
                // The bit goes first, then the ring is read: a message that comes in between sets it again.
                Interlocked.And(ref pending, ~(1ul << bit));
                peer = word * ReceiverControl.BitsPerWord + bit;
                return true;
            }
            mask = ulong.MaxValue;
        }
        return false;
    }

    /// <summary>Announces sleep.</summary>
    /// <returns>
    /// True: nothing is pending, and whoever sends from now on rings; wait for the doorbell, then call
    /// <see cref="Awake"/>. False: something came meanwhile.
    /// </returns>
    public bool TrySleep()
    {
        Volatile.Write(ref control->Sleeping, 1u);
        TOrder.Fence();
        if (TOrder.LooksAgain && HasPending())
        {
            Awake();
            return false;
        }
        return true;
    }

    public void Awake() => Volatile.Write(ref control->Sleeping, 0u);

    private bool HasPending()
    {
        for (int word = 0; word < ReceiverControl.PendingWords.Count; word++)
        {
            if (Volatile.Read(ref control->Pending[word]) != 0)
            {
                return true;
            }
        }
        return false;
    }
}
