namespace Skerry.Kernel.Layout;

/// <summary>Where the kernel's C# and its entry (kernel/Entry) meet: the symbols that one has and the other uses.</summary>
/// <remarks>
/// A symbol is the class and the method that C# has for it, here, in backtraces and for a debugger; a test holds them to it.
/// </remarks>
public static class EntryPoints
{
    // Functions of C# that the entry calls.
    public const string SystemCallsEnter = "SystemCalls.Enter";
    public const string KernelStartMain = "KernelStart.Main";
    public const string TrapsFromUser = "Traps.FromUser";
    public const string TrapsFromIdle = "Traps.FromIdle";
    public const string TrapsFromKernel = "Traps.FromKernel";
    public const string FastInterruptsReceived = "FastInterrupts.Received";
    public const string FastInterruptsTimer = "FastInterrupts.Timer";
    public const string FastTableTryCopy = "FastTable.TryCopy";
    public const string FastTableTryDelete = "FastTable.TryDelete";
    public const string FastTableTryRevoke = "FastTable.TryRevoke";
    public const string FastRetypeOne = "FastRetype.One";
    public const string FastMapMap = "FastMap.Map";
    public const string TraceRecorderFastSwitch = "TraceRecorder.FastSwitch";
    public const string TraceRecorderFastAnswer = "TraceRecorder.FastAnswer";
    public const string TraceRecorderSlow = "TraceRecorder.Slow";
    public const string FaultsDeliverToWaiting = "Faults.DeliverToWaiting";
    public const string FaultsPageFault = "Faults.PageFault";
    public const string FastSignalsSignal = "FastSignals.Signal";
    public const string FastSignalsPoll = "FastSignals.Poll";
    public const string FastSignalsWait = "FastSignals.Wait";
    public const string FastSignalsNBSend = "FastSignals.NBSend";
    public const string FastWakesSignalBetter = "FastWakes.SignalBetter";
    public const string FastpathCall = "Fastpath.Call";
    public const string FastpathReplyRecv = "Fastpath.ReplyRecv";
    public const string ActiveServersCall = "ActiveServers.Call";
    public const string ActiveServersReplyRecv = "ActiveServers.ReplyRecv";
    public const string CrossCallsCall = "CrossCalls.Call";
    public const string CrossCallsReplyRecv = "CrossCalls.ReplyRecv";
    public const string FastAnswersAnswerFault = "FastAnswers.AnswerFault";
    public const string LongMessagesCall = "LongMessages.Call";
    public const string LongMessagesReplyRecv = "LongMessages.ReplyRecv";
    public const string ReplyMappingMapOne = "ReplyMapping.MapOne";

    // Functions of the entry that C# calls.
    public const string HardwareOut8 = "Hardware.Out8";
    public const string HardwareIn8 = "Hardware.In8";
    public const string HardwareOut16 = "Hardware.Out16";
    public const string HardwareIn16 = "Hardware.In16";
    public const string HardwareOut32 = "Hardware.Out32";
    public const string HardwareIn32 = "Hardware.In32";
    public const string HardwareReadTimeStampCounter = "Hardware.ReadTimeStampCounter";
    public const string HardwareReadPageFaultAddress = "Hardware.ReadPageFaultAddress";
    public const string HardwareLoadRoot = "Hardware.LoadRoot";
    public const string HardwareInvalidatePage = "Hardware.InvalidatePage";
    public const string HardwareWriteModelSpecificRegister = "Hardware.WriteModelSpecificRegister";
    public const string HardwareWriteModelSpecificRegisterInOrder = "Hardware.WriteModelSpecificRegisterInOrder";
    public const string HardwareReadModelSpecificRegister = "Hardware.ReadModelSpecificRegister";
    public const string HardwareLoadDebugRegisters = "Hardware.LoadDebugRegisters";
    public const string HardwareTakeDebugCause = "Hardware.TakeDebugCause";
    public const string HardwareReadControl4 = "Hardware.ReadControl4";
    public const string HardwareWriteControl4 = "Hardware.WriteControl4";
    public const string HardwareReadExtendedControl = "Hardware.ReadExtendedControl";
    public const string HardwareWriteExtendedControl = "Hardware.WriteExtendedControl";
    public const string HardwareLoadTables = "Hardware.LoadTables";
    public const string HardwareLoadInterruptTable = "Hardware.LoadInterruptTable";
    public const string HardwareJump = "Hardware.Jump";
    public const string HardwareIdle = "Hardware.Idle";
    public const string HardwareHaltForever = "Hardware.HaltForever";
    public const string HardwareFramePointer = "Hardware.FramePointer";
    public const string HardwareDoorTable = "Hardware.DoorTable";
    public const string HardwareSymbolTable = "Hardware.SymbolTable";
    public const string HardwareEntryStart = "Hardware.EntryStart";
    public const string HardwareEntryEnd = "Hardware.EntryEnd";
    public const string HardwareTextStart = "Hardware.TextStart";
    public const string HardwareTextEnd = "Hardware.TextEnd";
}
