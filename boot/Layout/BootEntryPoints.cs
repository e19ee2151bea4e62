namespace Skerry.Boot.Layout;

/// <summary>Where bootstrap's C# and its entry (boot/Entry) meet: the symbols that one has and the other uses.</summary>
/// <remarks>
/// A symbol is the class and the method that C# has for it, here, in backtraces and for a debugger; a test holds them to it.
/// </remarks>
public static class BootEntryPoints
{
    // Functions of C# that the entry calls.
    public const string EndingFault = "Ending.Fault";
    public const string ProcessorsMain = "Processors.Main";
    public const string BootstrapMain = "Bootstrap.Main";

    // Functions of the entry that C# calls.
    public const string ProcessorOutByte = "Processor.OutByte";
    public const string ProcessorInByte = "Processor.InByte";
    public const string ProcessorInDoubleWord = "Processor.InDoubleWord";
    public const string ProcessorReadMsr = "Processor.ReadMsr";
    public const string ProcessorWriteMsr = "Processor.WriteMsr";
    public const string ProcessorStopCaching = "Processor.StopCaching";
    public const string ProcessorStartCaching = "Processor.StartCaching";
    public const string ProcessorReadTimeStampCounter = "Processor.ReadTimeStampCounter";
    public const string ProcessorLoadFaultVectors = "Processor.LoadFaultVectors";
    public const string ProcessorReloadRootTable = "Processor.ReloadRootTable";
    public const string ProcessorHaltOnce = "Processor.HaltOnce";
    public const string ProcessorHaltForever = "Processor.HaltForever";
    public const string ProcessorEnterKernel = "Processor.EnterKernel";
    public const string ProcessorImageStart = "Processor.ImageStart";
    public const string ProcessorTextEnd = "Processor.TextEnd";
    public const string ProcessorRodataEnd = "Processor.RodataEnd";
    public const string ProcessorImageEnd = "Processor.ImageEnd";
    public const string ProcessorPointerTable = "Processor.PointerTable";
    public const string ProcessorDirectories = "Processor.Directories";
    public const string ProcessorPageTables = "Processor.PageTables";
    public const string ProcessorFaultVectorStubs = "Processor.FaultVectorStubs";
    public const string ProcessorIdt = "Processor.Idt";
    public const string ProcessorStacks = "Processor.Stacks";
    public const string ProcessorStackCount = "Processor.StackCount";
    public const string ProcessorNextStack = "Processor.NextStack";
    public const string ProcessorArrived = "Processor.Arrived";
    public const string ProcessorOwnFeatures = "Processor.OwnFeatures";
    public const string ProcessorNeededFeatures = "Processor.NeededFeatures";
    public const string ProcessorTrampoline = "Processor.Trampoline";
    public const string ProcessorTrampolineEnd = "Processor.TrampolineEnd";
    public const string ProcessorEnterKernelCode = "Processor.EnterKernelCode";
    public const string ProcessorCpuid = "Processor.Cpuid";
}
