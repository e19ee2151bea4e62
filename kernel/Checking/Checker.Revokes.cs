using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>Revokes that have given way.</summary>
internal static unsafe partial class Checker
{
    private static void CheckRevokes()
    {
        uint noted = 0;
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            RevokeNote* note = &ClusterCpus.At(i)->Revoke;
            noted += note->Revoker == null ? 0u : 1;
            bool waits = note->Next == null || IsCaller(note->Next, i);
            bool revokes =
                note->Revoker == null
                || (IsCaller(note->Revoker, i) && IsOwned(note->Revoked, (ulong)sizeof(Capability)));
            Require(waits && revokes, CheckedRule.RevokeNote, note);
        }
        RevokeNote* listed = Revocation.First;
        while (noted != 0 && listed != null && listed->Revoker != null)
        {
            noted--;
            listed = listed->Following;
        }
        Require(noted == 0 && listed == null, CheckedRule.RevokeNote, root);
    }

    /// <summary>A thread that will make its call again. Faults may come in between.</summary>
    private static bool IsCaller(Thread* thread, uint cpu) =>
        IsThread(thread) && thread->Cpu == cpu && thread->State is not ThreadState.Inactive;
}
