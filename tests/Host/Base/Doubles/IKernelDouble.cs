using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>What stands for the kernel in a host test.</summary>
public interface IKernelDouble
{
    Status Trap(ref SystemCallFrame frame);
}
