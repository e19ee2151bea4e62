using System;
using Skerry.Base.Servers;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>One line for people, one for programs: what this instance owns and what taking it cost.</summary>
internal static unsafe class StartReport
{
    public static void Print(in Environment environment, Server* server, in MemoryClaims claims)
    {
        Span<byte> buffer = stackalloc byte[400];
        var text = new TextBuilder(buffer);
        uint first = server->Cpus[0].ClusterIndex;
        server->Name.BeginLine(ref text);
        text.Append("owns "u8).AppendSize(claims.Bytes).Append(" and "u8).AppendDecimal(server->CpuCount);
        text.Append(" CPUs of cluster "u8)
            .AppendDecimal(server->ClusterId)
            .Append(", from CPU "u8)
            .AppendDecimal(first);
        text.AppendLine();
        text.Append("@vcore name="u8).Append(environment.Name).Append(" cluster="u8).AppendDecimal(server->ClusterId);
        text.Append(" first-cpu="u8).AppendDecimal(first).Append(" cpus="u8).AppendDecimal(server->CpuCount);
        text.Append(" memory="u8).AppendDecimal(claims.Bytes);
        text.Append(" claim-ticks="u8).AppendDecimal(claims.ClaimTicks);
        text.Append(" prefault-ticks="u8).AppendDecimal(claims.PrefaultTicks).AppendLine();
        environment.Log.Write(in text);
    }
}
