using Skerry.Abi;

namespace Skerry.Apps.KernelFuzz
{
    /// <summary>What the arguments of random calls depend on.</summary>
    internal static class Supervisor
    {
        public static uint Cpus { get; set; }
    }
}

namespace Skerry.Base.Kernel
{
    internal static class SystemCalls
    {
        public static ulong ThreadStartAddress => UserLayout.ImageBase;
    }
}
