namespace Skerry.Apps.KernelLatency;

/// <summary>A few operations again, while all other CPUs of the cluster work as long as they can.</summary>
internal static unsafe class CrowdRows
{
    public static void Run()
    {
        if (Crowd.Cpus == 1)
        {
            return;
        }
        Crowd.Start();
        Sweep.Row("crowd-user-mode"u8, &Nothing, &Nothing);
        Sweep.Row("crowd-query-page"u8, &Nothing, &MemoryRows.Query);
        Sweep.Row("crowd-page-fault"u8, &MessageRows.StopToucher, &MessageRows.Fault);
        Sweep.Row("crowd-zero-1-mib"u8, &Subject.Clear, &MemoryRows.MakeMebibyte);
        Sweep.Row("crowd-retype-32-threads"u8, &Subject.Clear, &MemoryRows.RetypeThreads);
        Sweep.Row("crowd-retype-64-endpoints"u8, &Subject.Clear, &MemoryRows.RetypeEndpoints);
        Sweep.Row("crowd-retype-8-spaces"u8, &Subject.Clear, &MemoryRows.RetypeSpaces);
        Sweep.Row("crowd-remap-256"u8, &MemoryRows.MakeMapped, &MemoryRows.Remap);
        Sweep.Row("crowd-revoke-32-copies"u8, &CapabilityRows.MakeFewCopies, &CapabilityRows.RevokeCopies);
        Sweep.Row("crowd-unmap-1536"u8, &MemoryRows.MakeMapped, &MemoryRows.Unmap);
        Sweep.Row("crowd-delete-thread"u8, &ThreadRows.MakeReady, &Subject.DeleteFirst);
    }

    private static void Nothing() { }
}
