#pragma warning disable CS0649
using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Heap;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
internal static class Program {
  [RuntimeExport("SkerryMain")]
  private static ulong Main(in Skerry.Base.Startup.Environment environment) {
    Span<byte> b = stackalloc byte[100];
    var t = new TextBuilder(b);
    t.Append("hello from "u8).Append(environment.Name).Append(" "u8).AppendHex(environment.TscHertz).AppendLine();
    environment.Log.Write(in t);
    if (UserThread.Create<Worker>(in environment, "worker"u8, Affinity.Cpu(1), 7, out UserThread thread) == ThreadResult.Ok) thread.Start();
    using (ArenaScope scope = ArenaScope.Begin()) {
      var node = new Node { Value = 3, Next = new Node() };
      int[] a = new int[node.Value];
      Node[] nodes = new Node[4];
      a[1] = 5;
      var pair = new Pair { A = node, B = node, C = 4 };
      nodes[0] = node;
      Hold h = new Hold { P = pair };
      var h2 = new Hold(); h2.P = h.P; Hold h3 = h2; return (ulong)(h3.P.A.Value + a[1] + node.Next.Value + nodes.Length + h.P.A.Value);
    }
  }
}
sealed class Node { public int Value; public Node? Next; }
struct Pair { public Node A; public Node B; public ulong C, D, E; }
sealed class Hold { public Pair P; }
struct Worker : IThreadBody { public static void Run(ulong argument) { Skerry.Base.Startup.Environment.Current.Log.WriteLine("thread"u8); } }
